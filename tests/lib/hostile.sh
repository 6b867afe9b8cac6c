# Sourced after web.sh: HTTP as nobody should speak it, about a repository that everybody may see.

refused='^(HTTP/1.1 4[0-9][0-9]|closed)'
# Calls `raw WHAT PATTERN BYTES`, which the caller defines: the bytes, for printf's %b, of a request to the repository pub,
# and what the status line has to match.
hostile_requests() {
	local h='Host: x\r\n' method version target
	raw "a plain request" '200' "GET /pub HTTP/1.1\r\n$h\r\n"
	raw "bare LF" '^HTTP/1.1 400' "GET /pub HTTP/1.1\nHost: x\n\n"
	raw "bare LF within headers" '^HTTP/1.1 400' "GET /pub HTTP/1.1\r\nHost: x\nX: y\r\n\r\n"
	raw "bare CR" "$refused|waiting" "GET /pub HTTP/1.1\rHost: x\r\r"
	raw "NUL in the target" "$refused" "GET /pub\\0/x HTTP/1.1\r\n$h\r\n"
	raw "NUL in a header" '^HTTP/1.1 400' "GET /pub HTTP/1.1\r\n${h}X: a\\0b\r\n\r\n"
	raw "NUL in a header's name" "$refused" "GET /pub HTTP/1.1\r\n${h}X\\0Y: a\r\n\r\n"
	raw "no Host" '^HTTP/1.1 400' "GET /pub HTTP/1.1\r\n\r\n"
	raw "two Hosts" '^HTTP/1.1 400' "GET /pub HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"
	raw "Content-Length beside Transfer-Encoding" "$refused" "POST /pub/git-upload-pack HTTP/1.1\r\n${h}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
	raw "two Content-Lengths" "$refused" "POST /pub/git-upload-pack HTTP/1.1\r\n${h}Content-Length: 4\r\nContent-Length: 5\r\n\r\n0000"
	raw "a list of lengths" "$refused" "POST /pub/git-upload-pack HTTP/1.1\r\n${h}Content-Length: 4, 4\r\n\r\n0000"
	raw "a negative length" "$refused" "POST /pub/git-upload-pack HTTP/1.1\r\n${h}Content-Length: -1\r\n\r\n"
	raw "a length with a sign" "$refused" "POST /pub/git-upload-pack HTTP/1.1\r\n${h}Content-Length: +4\r\n\r\n0000"
	raw "a huge length" "$refused" "POST /pub/git-upload-pack HTTP/1.1\r\n${h}Content-Length: 99999999999999999999\r\n\r\n"
	raw "a transfer encoding of one's own" "$refused" "POST /pub/git-upload-pack HTTP/1.1\r\n${h}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"
	raw "bad chunks" "$refused" "POST /pub/git-upload-pack HTTP/1.1\r\n${h}Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"
	raw "a body with a GET" "$refused" "GET /pub HTTP/1.1\r\n${h}Content-Length: 5\r\n\r\nhello"
	raw "a request smuggled behind one" "$refused" "GET /pub HTTP/1.1\r\n${h}Content-Length: 30\r\n\r\nGET /nosuch HTTP/1.1\r\n${h}\r\n"
	for method in TRACE CONNECT OPTIONS PUT DELETE PATCH PROPFIND get 'G E T' '' X$(printf 'x%.0s' {1..300}); do
		raw "method '${method:0:20}'" "$refused" "$method /pub HTTP/1.1\r\n$h\r\n"
	done
	for version in HTTP/0.9 HTTP/2.0 HTTP/1.2 HTTP/9.9 http/1.1 HTTP/1.1x FTP/1.0 ''; do
		raw "version '$version'" "$refused|^HTTP/1.1 (200|505)" "GET /pub $version\r\n$h\r\n"
	done
	for target in '*' '//' 'http://evil/pub' '/pub/../pub' '/./pub' '/%2e%2e/%2e%2e/etc/passwd' '/pub%00' '/pub%' '/pub%zz' '/pub%c0%af' '\\pub' \
		'/pub\\x01' '/\\xff\\xfe' '/pub?%00=x' '/pub?q=%00' '?' '#' '/pub#x' ' /pub' "/$(printf 'a%.0s' {1..9000})" "/pub?$(printf '&%.0s' {1..30000})" "/pub?$(printf 'a=b&%.0s' {1..3000})"; do
		raw "target '${target:0:30}'" "$refused|^HTTP/1.1 200" "GET $target HTTP/1.1\r\n$h\r\n"
	done
	raw "500 parameters" '^HTTP/1.1 200' "GET /pub?$(printf 'a=b&%.0s' {1..500}) HTTP/1.1\r\n$h\r\n"
	raw "4,000 parameters, as many as a target can hold" '^HTTP/1.1 200' "GET /pub?$(printf 'a&%.0s' {1..4000}) HTTP/1.1\r\n$h\r\n"
	raw "3,000 parameters, which are too many bytes" '^HTTP/1.1 400' "GET /pub?$(printf 'a=b&%.0s' {1..3000}) HTTP/1.1\r\n$h\r\n"
	raw "a parameter behind many others counts" '^HTTP/1.1 404' "GET /pub/-/log?$(printf 'a&%.0s' {1..3000})after=nosuch HTTP/1.1\r\n$h\r\n"
	raw "a path of 60 KB" '^HTTP/1.1 414' "GET /$(printf 'a%.0s' {1..60000}) HTTP/1.1\r\n$h\r\n"
	raw "a header of 200 KB" '^HTTP/1.1 431' "GET /pub HTTP/1.1\r\n${h}X: $(printf 'a%.0s' {1..200000})\r\n\r\n"
	raw "a header that fills the memory to its brim" "$refused|^HTTP/1.1 200" "GET /pub HTTP/1.1\r\n${h}X: $(printf 'a%.0s' {1..32300})\r\n\r\n"
	raw "3,000 cookies" "$refused" "GET /pub HTTP/1.1\r\n${h}Cookie: $(printf 'a=b; %.0s' {1..3000})\r\n\r\n"
	raw "a chunked body with a GET" '^HTTP/1.1 400' "GET /pub HTTP/1.1\r\n${h}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
	raw "3,000 trailers" "$refused" "POST /pub/git-upload-pack HTTP/1.1\r\n${h}Transfer-Encoding: chunked\r\n\r\n4\r\n0000\r\n0\r\n$(printf 'X: a\\r\\n%.0s' {1..3000})\r\n"
	raw "chunks of one byte" '^HTTP/1.1 200' "POST /pub/git-upload-pack HTTP/1.1\r\n${h}Transfer-Encoding: chunked\r\nConnection: close\r\nContent-Type: application/x-git-upload-pack-request\r\n\r\n$(printf '1\\r\\n0\\r\\n%.0s' {1..4})0\r\n\r\n"
	# Taken by libmicrohttpd 0.9, refused by 1.0: nothing that speaks to quire sends one.
	raw "an extension of a chunk, of 4 KB" '^HTTP/1.1 (200|400)' "POST /pub/git-upload-pack HTTP/1.1\r\n${h}Transfer-Encoding: chunked\r\nConnection: close\r\nContent-Type: application/x-git-upload-pack-request\r\n\r\n4;$(printf 'x%.0s' {1..4000})\r\n0000\r\n0\r\n\r\n"
	# The one 5xx that is not ours to avoid: libmicrohttpd 0.9.75 ends such a connection with a 500 of its own.
	raw "an extension of a chunk that fills the memory" "$refused|^HTTP/1.1 500" "POST /pub/git-upload-pack HTTP/1.1\r\n${h}Transfer-Encoding: chunked\r\nContent-Type: application/x-git-upload-pack-request\r\n\r\n4;$(printf 'x%.0s' {1..40000})\r\n0000\r\n0\r\n\r\n"
	raw "and the next connection is answered" '^HTTP/1.1 200' "GET /pub HTTP/1.1\r\n$h\r\n"
	raw "Expect before a body" '^HTTP/1.1 100' "POST /pub/git-upload-pack HTTP/1.1\r\n${h}Expect: 100-continue\r\nContent-Length: 4\r\n\r\n"
	raw "Expect before a body that nobody wants" "$refused" "POST /pub HTTP/1.1\r\n${h}Expect: 100-continue\r\nContent-Length: 4\r\n\r\n"
	raw "a header without a colon" "$refused|200" "GET /pub HTTP/1.1\r\n${h}nonsense\r\n\r\n"
	raw "a folded header" '^HTTP/1.1 400' "GET /pub HTTP/1.1\r\n${h}X: a\r\n b\r\n\r\n"
	raw "a blank before the colon" '^HTTP/1.1 400' "GET /pub HTTP/1.1\r\n${h}X : a\r\n\r\n"
	raw "a header of 40 KB" "$refused" "GET /pub HTTP/1.1\r\n${h}X: $(printf 'a%.0s' {1..40000})\r\n\r\n"
	raw "5,000 headers" "$refused" "GET /pub HTTP/1.1\r\n$h$(printf 'X: a\\r\\n%.0s' {1..5000})\r\n"
	raw "Remote-User twice" '^HTTP/1.1 400' "GET /pub HTTP/1.1\r\n${h}Remote-User: me\r\nRemote-User: you\r\n\r\n"
	raw "Remote-User with a bare LF in it" '^HTTP/1.1 400' "GET /pub HTTP/1.1\r\n${h}X: a\nRemote-User: me\r\n\r\n"
	raw "Remote-User that ends in a NUL" '^HTTP/1.1 400' "GET /pub HTTP/1.1\r\n${h}Remote-User: admin\\0\r\n\r\n"
	raw "Remote-User with a blank before the colon" '^HTTP/1.1 400' "GET /pub HTTP/1.1\r\n${h}Remote-User : admin\r\n\r\n"
	raw "a header without a name" '^HTTP/1.1 400' "GET /pub HTTP/1.1\r\n${h}: admin\r\n\r\n"
	raw "a bare LF behind the request line" '^HTTP/1.1 400' "GET /pub HTTP/1.1\nHost: x\r\n\r\n"
	raw "a bare LF that ends the head" '^HTTP/1.1 400' "GET /pub HTTP/1.1\r\n${h}\n"
	raw "noise" "$refused" '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'
	raw "nothing at all" '^waiting' ''
	raw "half a request" '^waiting' 'GET /pub HT'
	raw "Expect" '^HTTP/1.1 (200|100|417)' "GET /pub HTTP/1.1\r\n${h}Expect: 100-continue\r\n\r\n"
	raw "an upgrade" '200' "GET /pub HTTP/1.1\r\n${h}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
	raw "a range" '200' "GET /pub HTTP/1.1\r\n${h}Range: bytes=0-4,1-5,2-6\r\n\r\n"
}

# hostile_addresses NAME: every parameter of every route gets what would hurt a careless one.
hostile_addresses() {
	local id word path
	id=$(git -C "$root/repos/$1.git" rev-parse main)
	for word in - -- --output=x -O/tmp/x --upload-pack=x '@%7B-1%7D' 'main@%7B1%7D' ':/first' 'main%5E' 'main~1' 'main..' HEAD 'main%5E%7B/x%7D' '%ff%fe' \
		'%0a' '%1b%5B0m' '..%5C' '*' '%5Bx' '~' '%5E' ':' 'refs/heads/main' 'a%7Fb' "$(printf 'x%.0s' {1..3000})" "$(printf 'a/%.0s' {1..500})b"; do
		for path in "/$1/-/tree/$word" "/$1/-/tree/main/$word" "/$1/-/file/main/$word" "/$1/-/raw/main/$word" "/$1/-/log/$word" "/$1/-/log/main/$word" \
			"/$1/-/log?after=$word" "/$1/-/log?author=$word" "/$1/-/log?q=$word" "/$1/-/log?all=$word" "/$1/-/commit/$word" "/$1/-/commit/$word.patch" \
			"/$1/-/commit/$id.$word" "/$1/-/commit/$id?view=$word&space=$word&refs=$word&open=$word" "/$1/-/refs?q=$word&sort=$word" "/$1/-/compare/main..$word" \
			"/$1/-/compare/$word...main" "/$1/-/blame/main/$word" "/$1/-/search?q=$word" "/$1/-/search/$word?q=x" "/$1/-/search?q=x&in=$word" \
			"/$1/-/search?q=$word&in=names" "/$1/-/search?q=$word&in=content" "/$1/-/search?q=$word&in=messages" "/$1/-/search?q=$word&in=changes" \
			"/$1/-/search?q=$word&in=lines" "/$1/-/search/main/$word?q=x&in=changes" "/$1/-/file/main/README.md?from=$word" \
			"/$1/-/file/main/README.md?line=$word" "/$1/-/file/main/README.md?from=1&line=$word&view=source" "/$1/-/file/main/README.md?wrap=$word&view=$word" "/$1/-/archive/$word.tar.gz" \
			"/$1/-/archive/main.$word" "/$1/-/atom/$word" "/$1/-/paths/$word" "/$1/info/refs?service=$word" "/$1/-/tree/main?changes=$word" "/$word" "/$word/-/tree" "/$1/runs/$word"; do
			printf '%s\n' "$path"
		done
	done
}
