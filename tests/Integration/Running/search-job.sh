# An honest search for secrets, as a job: what it has of files, processes, disks and the host's open ports. Prints where it is.
# $HALVES: each secret in two parts, so that this script is not what is found; $GATEWAY: the host; $PORTS: what listens there.
pattern=$(mktemp -p /dev/shm)
printf '%s%s\n' $HALVES >"$pattern"
found() { if sudo grep -aqF -f "$pattern"; then echo "found in $1"; fi; }

# What is there must be found, else finding nothing says nothing.
cp "$pattern" "$HOME/planted"
tr -d '\n' <"$pattern" | found control
(exec -a "$(cat "$pattern")" sleep 300) &
sleep 0.2

sudo grep -rslaF --exclude-dir=proc --exclude-dir=sys -f "$pattern" / | grep -vxF "$pattern" | sed 's/^/found in /' || true
for process in /proc/[0-9]*; do
    for file in environ cmdline; do
        { sudo cat "$process/$file" || true; } 2>/dev/null | found "$file of $(sudo cat "$process/comm" 2>/dev/null)"
    done
done
sudo find /dev -type b -print | sed 's/^/found in disk /'
for port in $PORTS; do
    { timeout 2 bash -c "exec 3<>/dev/tcp/$GATEWAY/$port && printf 'GET / HTTP/1.0\r\n\r\n' >&3 && cat <&3" || true; } 2>/dev/null | found "port $port"
done
sudo env | found 'environment of root'
if [ -S /var/run/docker.sock ]; then
    { sudo docker info; sudo docker ps --all --no-trunc; } 2>/dev/null | found docker
    for id in $(sudo docker ps --all --quiet); do sudo docker inspect "$id" | found "docker inspect $id"; done
fi
echo searched
