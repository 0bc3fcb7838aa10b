export type {
  Changes,
  DatabaseSource,
  DialectName,
  Engine,
  Eventual,
  Link,
  Outcome,
  Row,
  Session,
  Statement,
  StatementTraits,
  TransactionSettings,
} from "./engine.ts";
