# As in a pod, of the product that is installed here: a user without a name, who may read everything and write only /tmp.
# unshare --mount sh anybody.sh USER COMMAND ...
set -eu
user=$1; shift
mount --make-rprivate /
findmnt --noheadings --list --output TARGET | while read -r each; do
  case $each in /proc* | /sys* | /dev) ;; *) mount -o remount,bind,ro "$each" ;; esac
done
mount -t tmpfs -o mode=1777 tmpfs /tmp
cd /tmp
rights=-all,+dac_read_search # to read a checkout wherever it is
exec env -i PATH=/usr/bin:/bin setpriv --reuid "$user" --regid 0 --clear-groups --no-new-privs \
  --inh-caps $rights --ambient-caps $rights --bounding-set $rights "$@"
