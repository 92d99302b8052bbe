/** The daemon's door to the network. */

import { systemHttp } from "../../system/http.ts";
import { exerciseHttp } from "./exercise-http.ts";

exerciseHttp(systemHttp);
