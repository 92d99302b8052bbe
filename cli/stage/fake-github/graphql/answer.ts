/** `POST /graphql`: errors come with a 200, also where there is data beside them. */

import { z } from "zod";
import { type Answer, type Call, callerOf, ok, type Route } from "../http/call.ts";
import { Refusal } from "../refusal.ts";
import { queryRoot } from "./graph.ts";
import { mutationRoot } from "./mutations.ts";
import { ParseError, parseDocument } from "./parse.ts";
import { QueryError, runDocument } from "./run.ts";

const ASKED = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).nullish() });

async function answer(call: Call): Promise<Answer> {
  callerOf(call);
  const asked = ASKED.safeParse(call.body);
  if (!asked.success) throw new Refusal(400, "A query attribute must be specified and must be a string.");
  try {
    const document = parseDocument(asked.data.query);
    const root = document.operation.kind === "query" ? queryRoot(call) : mutationRoot(call);
    const { data, errors } = await runDocument(document, asked.data.variables ?? {}, root);
    return ok({ data, ...(errors.length > 0 && { errors }) });
  } catch (error) {
    if (error instanceof ParseError || error instanceof QueryError)
      return ok({ errors: [{ message: error.message }] });
    throw error;
  }
}

export const GRAPHQL: readonly Route[] = [{ method: "POST", path: "/graphql", run: answer }];
