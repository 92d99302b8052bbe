/** A configuration that says nothing but what it has to: what all parts make of the file with `data_dir` alone. */

import { compose } from "../../../daemon/config/compose.ts";
import type { Config } from "../../../daemon/config/config.ts";
import { configSchema } from "../../../daemon/config/schema.ts";

export const PLAIN_CONFIG: Config = compose(
  configSchema.parse({ data_dir: "/data" }),
  "/etc/chargehand.yaml",
);
