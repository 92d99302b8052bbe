/** The command line's door to the network. */

import { lightHttp } from "../../system/light-http.ts";
import { exerciseHttp } from "./exercise-http.ts";

exerciseHttp(lightHttp);
