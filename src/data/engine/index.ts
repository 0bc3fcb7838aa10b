export type {
  Changes,
  DatabaseSource,
  DialectName,
  Engine,
  Eventual,
  Link,
  Row,
  Session,
  Statement,
  StatementTraits,
  TransactionSettings,
} from "./engine.ts";
