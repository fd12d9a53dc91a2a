# shellcheck shell=bash
# For the other build scripts: the tool sets named in TOOLS. Each is a file tools/NAME.sh that defines what it needs of
#   packages  prints the names of the distribution's packages that it wants
#   set_up    installs the rest, in a folder of its own that is thrown away
# and may have a check beside it, tools/NAME.check: a program that ends with 0 when the tool works in a job.

# A step that fails inside $(…) fails the build too.
shopt -s inherit_errexit

sets=/tmp/build/tools
read -ra chosen <<<"${TOOLS:-}"

for name in "${chosen[@]}"; do
    if [[ ! $name =~ ^[a-z0-9-]+$ || ! -f $sets/$name.sh ]]; then
        known=("$sets"/*.sh)
        known=("${known[@]##*/}")
        echo "ERROR: there is no tool set '$name'. There are: ${known[*]%.sh}." >&2
        exit 1
    fi
done

# in_set NAME FUNCTION: calls a function of a set; one that it does not have is nothing to do.
in_set() (
    # shellcheck source=/dev/null
    . "$sets/$1.sh"
    if declare -F "$2" >/dev/null; then "$2"; fi
)
