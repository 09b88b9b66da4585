namespace EdgeAgent.Packaging.Tests;

/// <summary>What dpkg and the maintainer scripts do to a Debian: the packages are ours, with stand-ins for the programs.</summary>
public sealed class InstallationTests : IDisposable
{
    /// <summary>systemd as the scripts see it: it is there, and everything that it is asked is written down.</summary>
    private const string WithSystemd = """
        mkdir -p /run/systemd/system /run/udev
        for name in systemctl deb-systemd-invoke udevadm; do
            rm -f /usr/bin/$name /bin/$name
            printf '#!/bin/sh\necho "%s $*" >>/calls\n[ "$1" != show ] || cat /state\n' $name >/usr/bin/$name
            chmod +x /usr/bin/$name
        done
        echo active >/state

        """;

    private readonly Shop _shop = new();

    [SystemFact]
    public async Task An_installation_makes_the_user_its_groups_and_the_folder_of_its_state_and_a_purge_leaves_nothing()
    {
        string output = await RunAsync("""
            dpkg --install /packages/*.deb >/dev/null 2>/install || { cat /install; exit 1; }
            dpkg --verify edge-agent
            for group in gpio i2c dialout; do id --name --groups edge-agent | grep --quiet --word-regexp $group; done
            echo "state $(stat --format '%U:%G %a' /var/lib/edge-agent)"
            echo "wanted $(readlink /etc/systemd/system/multi-user.target.wants/edge-agent.service)"
            /usr/bin/edge-agent config check
            touch /var/lib/edge-agent/spool /etc/edge-agent/update-keys/key.pem
            chown edge-agent /var/lib/edge-agent/spool
            dpkg --remove edge-agent >/dev/null
            ls /var/lib/edge-agent/spool /etc/edge-agent/agent.json
            dpkg --purge edge-agent >/dev/null
            find / -xdev \( -name '*edge-agent*' -o -user edge-agent \) -not -path '/packages*' -not -path '/tmp/*' -not -path '/work/*' -not -path '/root/*' 2>/dev/null | grep . && exit 1
            getent passwd edge-agent && exit 1
            getent group edge-agent && exit 1
            getent group gpio >/dev/null
            """, "1.2.3");
        Assert.Equal(
            "state edge-agent:edge-agent 750\nwanted /lib/systemd/system/edge-agent.service\n/etc/edge-agent/agent.json\n/var/lib/edge-agent/spool\n", output);
    }

    [SystemFact]
    public async Task An_upgrade_keeps_the_configuration_and_the_state_and_takes_the_place_of_what_an_update_has_put_beside_it()
    {
        string output = await RunAsync("""
            dpkg --install /packages/edge-agent_1.2.3_amd64.deb >/dev/null 2>/install || { cat /install; exit 1; }
            echo '{ "mine": true }' >/etc/edge-agent/agent.json
            touch /var/lib/edge-agent/spool
            mkdir -p /opt/edge-agent/versions/1.2.9 /etc/systemd/system/edge-agent.service.d
            touch /etc/systemd/system/edge-agent.service.d/50-update.conf /etc/systemd/system/edge-agent.service.d/mine.conf
            dpkg --install /packages/edge-agent_1.3.0_amd64.deb >/dev/null 2>/install || { cat /install; exit 1; }
            cat /etc/edge-agent/agent.json
            ls -d /var/lib/edge-agent/spool
            ls -A /etc/systemd/system/edge-agent.service.d /opt
            /var/lib/dpkg/info/edge-agent.postinst configure 1.3.0
            /var/lib/dpkg/info/edge-agent.postinst configure 1.3.0
            dpkg --verify edge-agent | grep -v ' c /etc/edge-agent/agent.json$' && exit 1
            exit 0
            """, "1.2.3", "1.3.0");
        Assert.StartsWith("{ \"mine\": true }\n/var/lib/edge-agent/spool\n/etc/systemd/system/edge-agent.service.d:\nmine.conf\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("edge-agent\n", output[output.IndexOf("/opt:", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [SystemFact]
    public async Task The_service_is_stopped_before_its_file_is_replaced_and_started_after_it()
    {
        string output = await RunAsync(WithSystemd + """
            dpkg --install /packages/edge-agent_1.2.3_amd64.deb >/dev/null 2>/install || { cat /install; exit 1; }
            echo upgrade >>/calls
            dpkg --install /packages/edge-agent_1.3.0_amd64.deb >/dev/null 2>/install || { cat /install; exit 1; }
            echo stopped by hand >>/calls
            echo inactive >/state
            dpkg --install /packages/edge-agent_1.2.3_amd64.deb >/dev/null 2>&1
            grep -e daemon-reload -e 'invoke.* edge-agent.service' -e '^upgrade' -e 'by hand' /calls
            """, "1.2.3", "1.3.0");
        Assert.Equal(
            """
            systemctl daemon-reload
            deb-systemd-invoke start edge-agent.service
            upgrade
            deb-systemd-invoke stop edge-agent.service
            systemctl daemon-reload
            deb-systemd-invoke start edge-agent.service
            stopped by hand
            deb-systemd-invoke stop edge-agent.service
            systemctl daemon-reload

            """, output);
    }

    [SystemFact]
    public async Task An_agent_whose_configuration_is_wrong_is_not_started_and_the_technician_is_told()
    {
        string output = await RunAsync(WithSystemd + """
            mkdir -p /etc/edge-agent && touch /etc/edge-agent/wrong
            dpkg --install /packages/*.deb 2>&1 >/dev/null
            grep 'start edge-agent.service' /calls && exit 1
            exit 0
            """, "1.2.3");
        Assert.Equal("edge-agent is not started, because its configuration is wrong. Mend it, then: systemctl start edge-agent\n", output);
    }

    [SystemFact]
    public async Task The_service_in_the_cloud_is_installed_and_purged_the_same_way()
    {
        (int exitCode, string output) = await ThrowawaySystem.RunAsync("""
            dpkg --install /packages/*.deb >/dev/null 2>/install || { cat /install; exit 1; }
            dpkg --verify edge-ingestion
            echo "state $(stat --format '%U:%G %a' /var/lib/edge-ingestion)"
            id --name --groups edge-ingestion
            dpkg --purge edge-ingestion >/dev/null
            find / -xdev \( -name '*edge-ingestion*' -o -user edge-ingestion \) -not -path '/packages*' -not -path '/tmp/*' -not -path '/work/*' -not -path '/root/*' 2>/dev/null | grep . && exit 1
            exit 0
            """, _shop.Make(program: "edge-ingestion")[1]);
        Assert.True(exitCode == 0, output);
        Assert.Equal("state edge-ingestion:edge-ingestion 750\nedge-ingestion\n", output);
    }

    public void Dispose() => _shop.Dispose();

    private async Task<string> RunAsync(string script, params string[] versions)
    {
        (int exitCode, string output) = await ThrowawaySystem.RunAsync(script, [.. versions.Select(version => _shop.Make(version)[1])]);
        Assert.True(exitCode == 0, output);
        return output;
    }
}
