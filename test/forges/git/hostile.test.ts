/**
 * I14: nothing that an agent configures runs in the daemon's git, also without walls, and its ordinary work is still
 * published. Each attempt would leave a file behind.
 */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eachOf } from "./careless.ts";
import { must, PUSH, STAY, withRepositories } from "./repositories.ts";

/** `$E` is the program of the agent; `$M` the daemon's repository; `$H` the home of the daemon's user. */
const ATTEMPTS: readonly (readonly [what: string, script: string])[] = [
  ["core.fsmonitor", 'git config core.fsmonitor "$E"'],
  [
    "core.hooksPath",
    'mkdir hk; for h in pre-commit post-commit pre-push reference-transaction post-checkout post-index-change; do cp "$E" hk/$h; done; git config core.hooksPath "$PWD/hk"',
  ],
  [
    "hooks",
    'mkdir -p .git/hooks; for h in pre-commit commit-msg post-commit pre-push reference-transaction post-index-change post-rewrite; do cp "$E" .git/hooks/$h; done',
  ],
  [
    "a clean filter",
    'git config filter.x.clean "$E"; git config filter.x.smudge "$E"; echo "* filter=x" > .gitattributes',
  ],
  [
    "a filter process",
    'git config filter.x.process "$E"; git config filter.x.required true; echo "* filter=x" > .git/info/attributes',
  ],
  [
    "core.attributesFile",
    'git config filter.x.clean "$E"; echo "* filter=x" > .at; git config core.attributesFile "$PWD/.at"',
  ],
  ["a merge driver", 'git config merge.x.driver "$E"; echo "* merge=x" > .gitattributes'],
  ["diff.external", 'git config diff.external "$E"'],
  ["a textconv", 'git config diff.x.textconv "$E"; echo "* diff=x" > .gitattributes'],
  [
    "gpg.program",
    'git config commit.gpgsign true; git config gpg.program "$E"; git config push.gpgSign true',
  ],
  ["core.sshCommand", 'git config core.sshCommand "$E"'],
  ["core.gitProxy", 'git config core.gitProxy "$E"'],
  ["core.askPass", 'git config core.askPass "$E"'],
  ["core.editor", 'git config core.editor "$E"; git config sequence.editor "$E"'],
  ["core.pager", 'git config core.pager "$E"; git config pager.log "$E"'],
  ["core.alternateRefsCommand", 'git config core.alternateRefsCommand "$E"'],
  ["credential.helper", 'git config credential.helper "!$E"'],
  ["an alias", 'for a in add commit push fetch status; do git config alias.$a "!$E"; done'],
  ["include.path", 'printf "[core]\\n\\tfsmonitor = $E\\n" > .inc; git config include.path "$PWD/.inc"'],
  [
    "includeIf",
    'printf "[core]\\n\\tfsmonitor = $E\\n" > .inc; git config "includeIf.gitdir:/.path" "$PWD/.inc"',
  ],
  ["url.insteadOf", 'git config "url.ext::$E %S.insteadOf" "$R"; git config protocol.ext.allow always'],
  [
    "remote.*.uploadpack",
    'git config remote.origin.url "$R"; git config remote.origin.uploadpack "$E"; git config remote.origin.receivepack "$E"',
  ],
  ["uploadpack.packObjectsHook", 'git config uploadpack.packObjectsHook "$E"'],
  [
    "commondir",
    'cp -r .git .c; git -C . config -f .c/config core.fsmonitor "$E"; echo "$PWD/.c" > .git/commondir',
  ],
  [
    "a gitdir elsewhere",
    'mv .git .real; git config -f .real/config core.fsmonitor "$E"; echo "gitdir: $PWD/.real" > .git',
  ],
  [
    "a .git that is a link",
    'mv .git .real; git config -f .real/config core.fsmonitor "$E"; ln -s .real .git',
  ],
  [
    "config.worktree",
    'git config extensions.worktreeConfig true; git config -f .git/config.worktree core.fsmonitor "$E"',
  ],
  [
    "a nested repository",
    'git init -q sub; echo n > sub/n; git -C sub config core.fsmonitor "$E"; git -C sub config filter.x.clean "$E"; echo "* filter=x" > sub/.gitattributes',
  ],
  [
    "a submodule",
    'git init -q sub; git -C sub -c user.name=A -c user.email=a commit -q --allow-empty -m x; git -C sub config core.fsmonitor "$E"; git add sub 2>/dev/null; printf "[submodule \\"s\\"]\\n\\tpath = sub\\n\\turl = ext::$E\\n\\tupdate = !$E\\n" > .gitmodules',
  ],
  ["a worktree", 'git worktree add -q wt -b wt; echo w > wt/w; git -C wt config core.fsmonitor "$E"'],
  [
    "alternates",
    'mkdir -p x; echo "/proc/self/fd" >> .git/objects/info/alternates; git config core.fsmonitor "$E"',
  ],
  [
    "the home",
    'printf "[core]\\n\\tfsmonitor = $E\\n\\thooksPath = $H/hk\\n\\tsshCommand = $E\\n[credential]\\n\\thelper = !$E\\n" > "$H/.gitconfig"; mkdir -p "$H/hk"; cp "$E" "$H/hk/pre-push"; mkdir -p "$H/.config/git"; cp "$H/.gitconfig" "$H/.config/git/config"',
  ],
  [
    "the daemon's repository",
    'git config -f "$M/config" core.fsmonitor "$E"; git config -f "$M/config" core.hooksPath "$M/hk"; mkdir -p "$M/hk" "$M/hooks"; cp "$E" "$M/hk/pre-push"; cp "$E" "$M/hooks/reference-transaction"; git config -f "$M/config" credential.helper "!$E"',
  ],
];

const TO_THE_REMOTE = /hooks|ssh|credential|insteadOf|remote|gpg|Proxy|home|repository/;

test(`I14: ${ATTEMPTS.length} attempts to run a program in the daemon's git, and each task's work is published`, () =>
  withRepositories(async (repositories) => {
    const { folder, git, remote } = repositories;
    await eachOf([...ATTEMPTS.entries()], async ([at, [what, script]]) => {
      const owned = join(folder, `owned-${at}`);
      const program = join(folder, `evil-${at}`);
      writeFileSync(program, `#!/bin/sh\necho "$0 $*" >> ${owned}.by\ntouch ${owned}\nexit 1\n`, {
        mode: 0o755,
      });
      const spec = repositories.spec(`SHOP-${at + 1}`);
      const workspace = await repositories.ready(spec);
      const { directory, borrowed } = workspace;
      execFileSync("/bin/sh", ["-euc", `echo work > work.txt; ${script}`], {
        cwd: directory,
        // The agent's own git may well run what the agent has configured: not with this.
        env: {
          PATH: process.env["PATH"],
          HOME: "/nonexistent",
          E: program,
          M: borrowed,
          H: folder,
          R: remote,
          GIT_CONFIG_COUNT: "2",
          GIT_CONFIG_KEY_0: "core.fsmonitor",
          GIT_CONFIG_VALUE_0: "false",
          GIT_CONFIG_KEY_1: "core.hooksPath",
          GIT_CONFIG_VALUE_1: "/dev/null",
        },
        stdio: "pipe",
      });
      execFileSync("rm", ["-f", owned, `${owned}.by`]);
      const prepared = must(await repositories.workspaces.prepare(spec));
      // Every way to the remote is tried where the remote is what is meant; what is gathered alone costs half.
      const push = TO_THE_REMOTE.test(what) ? PUSH : STAY;
      const { branch } = must(await repositories.workspaces.publish(spec, prepared, push));
      assert.equal(existsSync(owned), false, what);
      const where = push === PUSH ? remote : borrowed;
      assert.equal(git(folder, `--git-dir=${where}`, "show", `${branch}:work.txt`), "work", what);
    });
  }));
