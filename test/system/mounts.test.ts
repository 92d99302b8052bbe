/** The mount table. */

import assert from "node:assert/strict";
import test from "node:test";
import { fileSystemAt, fileSystemOf } from "../../system/mounts.ts";

const MOUNTS = `22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 27 0:40 / /mnt/data rw,relatime shared:2 master:1 - nfs4 server:/export rw,vers=4.2
31 30 8:17 / /mnt/data/local rw - xfs /dev/sdb1 rw
32 27 0:41 / /mnt/my\\040disk\\134 rw - cifs //host/share rw
33 27 0:42 / /srv rw - ext4 /dev/sdc rw
34 33 0:43 / /srv rw - tmpfs tmpfs rw`;

test("B8: of the mount points above a path the longest wins, not any that its name begins with", () => {
  const types = [
    "/",
    "/home/me/data",
    "/mnt/data",
    "/mnt/data/chargehand",
    "/mnt/database",
    "/mnt/data/local/x",
    "/mnt/data/localhost",
    "/mnt/my disk\\/x",
    "/srv/x",
  ].map((path) => fileSystemOf(path, MOUNTS));
  assert.deepEqual(types, ["ext4", "ext4", "nfs4", "nfs4", "ext4", "xfs", "nfs4", "cifs", "tmpfs"]);
  assert.equal(fileSystemOf("/x", "rubbish\n"), "unknown");
  assert.equal(fileSystemAt("/proc/self"), "proc", "through a symbolic link");
});
