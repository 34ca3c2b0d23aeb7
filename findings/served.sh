# To be sourced by findings about a server that `npm run test:servers` knows. `serve NAME` starts it with the
# scripted model of test/servers, whose packages are pinned there (prepared once, in a folder that Git ignores; this
# package itself takes no part), sets BASE_URL, and stops it when the script ends. `ask JSON` sends a request.

serve() {
	local output
	output=$(mktemp)
	(cd "$(dirname "${BASH_SOURCE[0]}")/.." && exec node --import tsx test/servers/run.mts --serve "$1") >"$output" &
	SERVER=$!
	trap 'kill -TERM "$SERVER" && wait "$SERVER" || true; rm -f "'"$output"'"' EXIT
	until grep -q '^}' "$output"; do
		kill -0 "$SERVER"
		sleep 1
	done
	BASE_URL=$(sed -n 's/.*"baseUrl": "\(.*\)".*/\1/p' "$output")
	KEY=$(sed -n 's/.*"apiKey": "\(.*\)".*/\1/p' "$output")
}

get() { curl --silent --header "authorization: Bearer $KEY" "$@"; }

ask() {
	get --header 'content-type: application/json' --data "$1" "${@:2}" "$BASE_URL/responses"
}

# What the model said in an answer that is not streamed.
text_of() { sed -n 's/.*"text": *"\([^"]*\)".*/\1/p' | head -1; }
