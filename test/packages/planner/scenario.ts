import type { Rounds } from "../rounds.ts";
import { outcome, type Scenario } from "../scenario.ts";

/** The exports of @apollo/query-planner-wasm. */
export interface Planner {
  getQueryPlanner(schema: string): number;
  getQueryPlan(planner: number, query: string, options: unknown): unknown;
}

const schema = `
schema @graph(name: "accounts", url: "") @graph(name: "reviews", url: "") @composedGraph(version: 1) { query: Query }

directive @composedGraph(version: Int!) on SCHEMA
directive @graph(name: String!, url: String!) repeatable on SCHEMA
directive @owner(graph: String!) on OBJECT
directive @key(fields: String!, graph: String!) repeatable on OBJECT
directive @resolve(graph: String!) on FIELD_DEFINITION
directive @provides(fields: String!) on FIELD_DEFINITION
directive @requires(fields: String!) on FIELD_DEFINITION

"Grüße 日本 🚀"
type Query {
  me: User @resolve(graph: "accounts")
  topReviews(first: Int = 5): [Review] @resolve(graph: "reviews")
}

type User
  @owner(graph: "accounts")
  @key(fields: "{ id }", graph: "accounts")
  @key(fields: "{ id }", graph: "reviews")
{
  id: ID!
  name: String
  reviews: [Review] @resolve(graph: "reviews")
}

type Review @owner(graph: "reviews") @key(fields: "{ id }", graph: "reviews") {
  id: ID!
  body: String
  author: User @provides(fields: "{ name }")
}
`;
const queries = [
  "{ me { name } }",
  "{ me { name reviews { body } } topReviews(first: 3) { author { name } } }",
  "query Q($n: Int) { topReviews(first: $n) { ...part } } fragment part on Review { id body }",
  "{ me { ... on User { id } } __typename }",
];

/** The scenario of @apollo/query-planner-wasm. */
export const plannerScenario: Scenario<Planner, undefined> = {
  "plans queries over two services": ({ getQueryPlanner, getQueryPlan }) => {
    const planner = getQueryPlanner(schema);
    return queries.flatMap((query) =>
      [true, false].map((autoFragmentization) => outcome(() => getQueryPlan(planner, query, { autoFragmentization }))),
    );
  },
};

/** A planner lives for good, so that each round only asks it. */
export const plannerRounds: Rounds<Planner, undefined> = {
  start: ({ getQueryPlanner, getQueryPlan }) => {
    const planner = getQueryPlanner(schema);
    return () => queries.map((query) => getQueryPlan(planner, query, { autoFragmentization: true }));
  },
};
