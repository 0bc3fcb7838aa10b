import { type SelectModifierNode, SqliteQueryCompiler } from "kysely";

/**
 * Leaves row locks out, which SQLite has no words for: a transaction that may write has the lock of the whole file from its beginning.
 */
export class LocklessSqliteCompiler extends SqliteQueryCompiler {
  protected override visitSelectModifier(node: SelectModifierNode): void {
    if (node.modifier === undefined || node.modifier === "Distinct") super.visitSelectModifier(node);
  }
}
