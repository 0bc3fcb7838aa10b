/**
 * A model that says something that no database can do, or that contradicts itself. Thrown where it is declared.
 *
 * @example
 * new ModelError("users", "email", "…").message; // 'model "users", column "email": …'
 */
export class ModelError extends Error {
  override readonly name = "ModelError";

  constructor(table: string, column: string | undefined, problem: string) {
    super(`model "${table}"${column === undefined ? "" : `, column "${column}"`}: ${problem}`);
  }
}
