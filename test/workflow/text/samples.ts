/** Code in many languages, with whatever of it looks like markup, mentions, quotes or paths. */

export const SAMPLES: Readonly<Record<string, string>> = {
  python:
    '@app.route("/x")\ndef f(*, a: "dict[str, int]" = {}) -> None:\n\tprint(f"{a!r:>10}", r"\\d+\\0")  # ä → ß\n',
  typescript:
    'import x from "@scope/pkg";\nconst g = <T,>(v: T) => v satisfies T; // a < b && c > d\n`${1 << 2}`;\n',
  html: '<!-- shown -->\n<p class="a">&lt;b&gt; &amp; © \u{1f680}</p>\n<script>if (a<b) {}</script>\n',
  rust: "fn f<'a, T: Fn(&'a str) -> u8>(x: Vec<Option<T>>) -> ! { loop { /* <<>> */ } }\n",
  c: '#include <stdio.h>\n#define X(a, ...) #a ## __VA_ARGS__\nint main(void) { return "\\x1b[0m"[0] << 2 | 0x7f; }\n',
  shell: "cat <<'EOF' > \"$HOME/.x\" 2>&1 | tee >(wc -l)\n$(echo `id`) ${a:-b} @/etc/passwd !! # x\nEOF\n",
  sql: "select * from t where a <> 'it''s' and b <= 3 and c @> '{\"k\": 1}'::jsonb; -- x\n",
  go: 'ch <- v; x := <-ch; s := `raw \\n "q"`; var _ map[string]interface{}\n',
  haskell: "f :: (a -> b) -> [a] -> [b]\nf g xs = g <$> xs >>= \\x -> [x | x /= 0] -- λ ∀ ≤ ⊕\n",
  makefile: "all: $(OBJ)\n\t@echo $@ $< $^\n\t-rm -f *.o\n",
  ruby: "class A < B; def <=>(o) = @x <=> o.x; end; puts <<~T\n  #{@y} :sym => 1 %w[a b]\nT\n",
  perl: 'while (<$fh>) { s/\\s+$//; print "$_\\n" if m{^</?(\\w+)>} && @{$x->{y}} }\n',
  regex: "^(?:<!--|(?<x>[^\\s@]+)@\\k<x>)$|\\p{L}{2,}\n",
  diff: "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-<outer>\n+</outer>\n",
};
