using System.Globalization;
using EdgeAgent.Mqtt.Intake;
using EdgeAgent.Testing;

namespace EdgeAgent.Mqtt.Tests.Intake;

/// <summary>Publishers that nobody here wrote. That acknowledgements are withheld until Accept shows in that they do not finish before.</summary>
public sealed class ForeignPublisherTests
{
    private const string Paho = "/usr/lib/python3/dist-packages/paho/mqtt/__init__.py";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [InstalledFact("mosquitto_pub")]
    public async Task Mosquitto_publishes_in_both_versions_at_every_quality_and_finishes_only_when_accepted()
    {
        await using var intake = new RealIntake();
        foreach (string version in new[] { "mqttv311", "mqttv5" })
        {
            foreach (int quality in new[] { 0, 1, 2 })
            {
                await using ForeignProcess publisher = intake.StartMosquitto("-V", version, "-q", $"{quality}", "-i", "dev", "-t", "a/b", "-m", $"{version} {quality}");
                Owner.Message message = await intake.Owner.NextAsync();
                Assert.Equal(("a/b", $"{version} {quality}", quality), (message.Topic, message.Payload, (int)message.Publish.Quality));
                if (quality > 0)
                {
                    // It has sent its message and has nothing left to do but to wait; a publisher that does not wait ends in a few milliseconds.
                    await Assert.ThrowsAsync<TimeoutException>(() => publisher.WaitForExitAsync(TimeSpan.FromMilliseconds(300)));
                    message.Ticket.Accept();
                }
                Assert.Equal((0, ""), (await publisher.WaitForExitAsync(Patience), publisher.Output));
            }
        }
        Assert.Equal(6, intake.Listener.Counters.Publishes);
    }

    [InstalledFact("mosquitto_pub")]
    public async Task Mosquitto_publishes_many_lines_on_one_connection_and_each_is_taken_once_in_order()
    {
        await using var intake = new RealIntake();
        intake.Owner.AcceptsAtOnce = true;
        const int Lines = 3000;
        foreach ((string version, string quality) in new[] { ("mqttv311", "1"), ("mqttv5", "1"), ("mqttv311", "2"), ("mqttv5", "2") })
        {
            long before = intake.Listener.Counters.Publishes;
            await using ForeignProcess publisher = intake.StartMosquitto("-V", version, "-q", quality, "-i", "dev", "-t", "lines", "-l");
            for (int i = 0; i < Lines; i++)
            {
                await publisher.StandardInput.WriteLineAsync(i.ToString(CultureInfo.InvariantCulture));
            }
            publisher.StandardInput.Close();
            Assert.Equal((0, ""), (await publisher.WaitForExitAsync(Patience), publisher.Output));
            await intake.Owner.NextClosedAsync();
            // mosquitto_pub 2.0.11 may end without having sent its last lines, to its own broker too: so the number is not ours to promise.
            long sent = intake.Listener.Counters.Publishes - before;
            Assert.InRange(sent, Lines * 9 / 10, Lines);
            for (int i = 0; i < sent; i++)
            {
                Assert.Equal(i.ToString(CultureInfo.InvariantCulture), (await intake.Owner.NextAsync()).Payload);
            }
        }
    }

    [InstalledFact("mosquitto_pub")]
    public async Task Mosquitto_publishes_over_TLS_with_a_password_and_is_told_when_the_password_is_wrong()
    {
        using var authority = new TestAuthority();
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["ca.crt"], authority.RootPem);
        await using var intake = new RealIntake(authority) { Owner = { AcceptsAtOnce = true } };
        intake.Owner.Verdict = RealIntake.OnlyWithPassword;
        string[] common = ["--cafile", folder["ca.crt"], "-q", "1", "-t", "secret", "-m", "x", "-u", "device"];
        await using (ForeignProcess wrong = intake.StartMosquitto([.. common, "-P", "wrong", "-V", "mqttv311"]))
        {
            Assert.NotEqual(0, await wrong.WaitForExitAsync(Patience));
            Assert.Contains("bad user name or password", wrong.Output, StringComparison.Ordinal);
        }
        foreach (string version in new[] { "mqttv311", "mqttv5" })
        {
            await using ForeignProcess right = intake.StartMosquitto([.. common, "-P", "right", "-V", version]);
            Assert.Equal((0, ""), (await right.WaitForExitAsync(Patience), right.Output));
            Assert.Equal("secret", (await intake.Owner.NextAsync()).Topic);
        }
        Assert.All(intake.Owner.Connects, connect => Assert.True(connect.IsEncrypted));
    }

    [InstalledFact("mosquitto_pub")]
    public async Task Mosquitto_shows_a_client_certificate_and_the_owner_sees_it()
    {
        using var authority = new TestAuthority();
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["ca.crt"], authority.RootPem);
        (string certificate, string key) = TestAuthority.WritePem(authority.IssueDevice("pump-7"), folder.Path, "device");
        await using var intake = new RealIntake(authority) { Owner = { AcceptsAtOnce = true } };
        intake.Owner.Verdict = connect => connect.ClientCertificate?.Subject == "CN=pump-7" ? IntakeVerdict.Admit : IntakeVerdict.NotAuthorized;
        await using ForeignProcess publisher = intake.StartMosquitto(
            "--cafile", folder["ca.crt"], "--cert", certificate, "--key", key, "-q", "1", "-t", "t", "-m", "x");
        Assert.Equal((0, ""), (await publisher.WaitForExitAsync(Patience), publisher.Output));
        Assert.Equal("x", (await intake.Owner.NextAsync()).Payload);
    }

    [InstalledFact("/usr/bin/python3", Paho)]
    public async Task Paho_publishes_at_every_quality_over_TCP_and_TLS_in_both_versions()
    {
        using var authority = new TestAuthority();
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["ca.crt"], authority.RootPem);
        await File.WriteAllTextAsync(folder["publish.py"], """
            import sys, paho.mqtt.client as mqtt
            port, version, count, ca = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
            client = mqtt.Client(client_id="paho", protocol=version)
            client.username_pw_set("device", "right")
            if ca:
                client.tls_set(ca)
            client.connect("localhost" if ca else "127.0.0.1", port)
            client.loop_start()
            messages = [client.publish("p/" + str(i % 3), str(i), qos=i % 3) for i in range(count)]
            for message in messages:
                message.wait_for_publish(15)
                assert message.is_published()
            client.disconnect()
            client.loop_stop()
            print("done")
            """);
        const int Count = 300;
        foreach (bool isEncrypted in new[] { false, true })
        {
            await using var intake = new RealIntake(isEncrypted ? authority : null) { Owner = { AcceptsAtOnce = true } };
            intake.Owner.Verdict = RealIntake.OnlyWithPassword;
            foreach (string version in new[] { "4", "5" })
            {
                (int exitCode, string output) = await ForeignProcess.RunAsync(
                    "/usr/bin/python3",
                    [folder["publish.py"], $"{intake.Port}", version, $"{Count}", isEncrypted ? folder["ca.crt"] : ""],
                    Patience);
                Assert.Equal((0, "done\n"), (exitCode, output));
                var payloads = new HashSet<string>();
                for (int i = 0; i < Count; i++)
                {
                    Assert.True(payloads.Add((await intake.Owner.NextAsync()).Payload));
                }
                Assert.Equal(0, intake.Owner.Waiting);
            }
        }
    }
}
