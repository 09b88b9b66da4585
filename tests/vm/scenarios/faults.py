"""What else can happen to the disk that the agent keeps its state on."""

from .site import STATE


class Full:
    """Somebody else has taken all of its space."""

    def __init__(self, guest):
        self._guest = guest

    def begin(self):
        # The second takes what the first one leaves for its own metadata.
        self._guest.run(f"""for part in 1 2; do
                free=$(df --output=avail --block-size=1 {STATE} | tail -n 1)
                [ "$free" -eq 0 ] || fallocate --length "$free" {STATE}/filling.$part || head --bytes="$free" /dev/zero >{STATE}/filling.$part || true
            done
            # So that it is there when the machine boots again.
            sync {STATE}/filling.*""")

    def end(self):
        self._guest.run(f"rm -f {STATE}/filling.*")


class ReadOnly:
    """The kernel has mounted it read-only, files that are open for writing included: the emergency remount. It does so to the root as well."""

    def __init__(self, guest):
        self._guest = guest

    def begin(self):
        self._guest.run("""echo u >/proc/sysrq-trigger
            until grep --quiet '^/dev/vdc .* ext4 ro' /proc/mounts; do sleep 0.1; done""")

    def end(self):
        self._guest.run(f"mount -o remount,rw /; mount -o remount,rw {STATE}")


FAULTS = {"full": Full, "readonly": ReadOnly}
