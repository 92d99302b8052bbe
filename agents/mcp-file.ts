/** The file by which several programs are told of servers of the Model Context Protocol. They agree on its shape. */

import type { AgentProfile } from "../workflow/project.ts";

/** Its name in the run's directory. */
export const MCP_FILE = "mcp.json";

export function mcpFile(servers: AgentProfile["mcp"]): string {
  return JSON.stringify({ mcpServers: servers });
}
