using System.Globalization;
using EdgeAgent.Mqtt.Intake;
using EdgeAgent.Testing;

namespace EdgeAgent.Mqtt.Tests.Intake;

/// <summary>Publishers that nobody here wrote, with hundreds of messages in flight, and with a network that breaks under them again and again.</summary>
public sealed class ForeignFloodTests
{
    private const string Paho = "/usr/lib/python3/dist-packages/paho/mqtt/__init__.py";
    private const int Count = 300;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    [InstalledFact("node", "node:mqtt")]
    public async Task MQTT_js_floods_at_every_quality_in_both_versions_and_each_message_is_taken_once_in_order()
    {
        await using var intake = new RealIntake { Owner = { AcceptsAtOnce = true, Verdict = RealIntake.OnlyWithPassword } };
        foreach ((int version, int quality) in Variants(0, 1, 2))
        {
            await using ForeignProcess publisher = StartMqttJs(intake.Port, version, quality);
            for (int i = 0; i < Count; i++)
            {
                Owner.Message message = await intake.Owner.NextAsync();
                Assert.Equal((i, quality), (Number(message), (int)message.Publish.Quality));
            }
            Assert.Equal((0, "done\n"), (await publisher.WaitForExitAsync(Patience), publisher.Output));
        }
        Assert.Equal(6 * Count, intake.Listener.Counters.Publishes);
    }

    [InstalledFact("node", "node:mqtt")]
    public async Task MQTT_js_comes_with_a_client_certificate_and_a_password_and_not_without_them()
    {
        using var authority = new TestAuthority();
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["ca.crt"], authority.RootPem);
        TestAuthority.WritePem(authority.IssueDevice("pump-7"), folder.Path, "device");
        await using var intake = new RealIntake(authority, requiresCertificate: true) { Owner = { AcceptsAtOnce = true, Verdict = RealIntake.OnlyWithPassword } };
        foreach ((int version, int quality) in Variants(1, 2))
        {
            await using ForeignProcess publisher = StartMqttJs(intake.Port, version, quality, folder.Path);
            Assert.Equal((0, "done\n"), (await publisher.WaitForExitAsync(Patience), publisher.Output));
        }
        Assert.All(intake.Owner.Connects, connect => Assert.Equal("CN=pump-7", connect.ClientCertificate?.Subject));
        Assert.Equal(4 * Count, intake.Listener.Counters.Accepted);

        intake.Owner.Verdict = _ => IntakeVerdict.BadUserNameOrPassword;
        await using ForeignProcess refused = StartMqttJs(intake.Port, 5, 1, folder.Path);
        Assert.Equal(2, await refused.WaitForExitAsync(Patience));
        Assert.Contains("Bad User Name or Password", refused.Output, StringComparison.OrdinalIgnoreCase);
    }

    [InstalledFact("node", "node:mqtt")]
    public async Task MQTT_js_which_keeps_no_receive_maximum_is_held_back_at_QoS_1_and_comes_back_at_QoS_2_and_loses_nothing()
    {
        foreach (int quality in new[] { 1, 2 })
        {
            await using var intake = new RealIntake(receiveMaximum: 50) { Owner = { Verdict = RealIntake.OnlyWithPassword } };
            await using var relay = new TcpRelay(intake.Port);
            await using var network = new BreakingNetwork(relay, breaks: 0);
            intake.Owner.Taking = network.Take;
            await using ForeignProcess publisher = StartMqttJs(intake.Port, version: 5, quality);
            int exitCode = await publisher.WaitForExitAsync(Patience);
            Assert.True(exitCode == 0, publisher.Output);
            Assert.Equal(Enumerable.Range(0, Count), network.Arrived.Keys.Order());
            Assert.All(network.Arrived.Values, times => Assert.Equal(1, times));
            Assert.True(quality == 2 || intake.Listener.Counters.ConnectionsOpened == 1);
        }
    }

    [InstalledFact("node", "node:mqtt")]
    public Task What_MQTT_js_has_in_flight_when_connections_break_arrives_and_at_QoS_2_once() => BreakAsync(StartMqttJs, breaks: 3);

    [InstalledFact("/usr/bin/python3", Paho)]
    public Task What_paho_has_in_flight_when_connections_break_arrives_and_at_QoS_2_once() => BreakAsync(
        (port, version, quality, _) => ForeignProcess.Start(
            "/usr/bin/python3", Path.Combine(AppContext.BaseDirectory, "Intake/Foreign/publish.py"), $"{port}", $"{version}", $"{quality}", $"{Count}"),
        breaks: 2);

    private static async Task BreakAsync(Func<int, int, int, string, ForeignProcess> start, int breaks)
    {
        foreach ((int version, int quality) in Variants(1, 2))
        {
            await using var intake = new RealIntake { Owner = { Verdict = RealIntake.OnlyWithPassword } };
            await using var relay = new TcpRelay(intake.Port);
            await using var network = new BreakingNetwork(relay, breaks);
            intake.Owner.Taking = network.Take;
            await using ForeignProcess publisher = start(relay.Port, version, quality, "");
            int exitCode = await publisher.WaitForExitAsync(Patience);
            Assert.True(exitCode == 0, publisher.Output);
            Assert.Equal(breaks, network.Broken);
            Assert.Equal(Enumerable.Range(0, Count), network.Arrived.Keys.Order());
            if (quality == 2)
            {
                Assert.All(network.Arrived.Values, times => Assert.Equal(1, times));
            }
        }
    }

    private static IEnumerable<(int Version, int Quality)> Variants(params int[] qualities) =>
        from version in new[] { 4, 5 } from quality in qualities select (version, quality);

    private static int Number(Owner.Message message) => int.Parse(message.Payload, CultureInfo.InvariantCulture);

    private static ForeignProcess StartMqttJs(int port, int version, int quality, string folder = "") => ForeignProcess.Start(
        "node",
        [Path.Combine(AppContext.BaseDirectory, "Intake/Foreign/publish.js"), $"{port}", $"{version}", $"{quality}", $"{Count}", folder],
        NodePeers.Environment);

    /// <summary>
    /// An owner that commits every few milliseconds, and a network that breaks when so many messages have come: then some are acknowledged, some
    /// are accepted with the acknowledgement under way, some are with the owner, and some on the wire.
    /// </summary>
    private sealed class BreakingNetwork : IAsyncDisposable
    {
        private static readonly TimeSpan CommitInterval = TimeSpan.FromMilliseconds(2);
        private readonly Lock _gate = new();
        private readonly Queue<IntakeTicket> _unsettled = [];
        private readonly PeriodicTimer _timer = new(CommitInterval);
        private readonly TcpRelay _relay;
        private readonly int _breaks;
        private readonly Task _committing;

        public BreakingNetwork(TcpRelay relay, int breaks)
        {
            (_relay, _breaks) = (relay, breaks);
            _committing = CommitAsync();
        }

        public Dictionary<int, int> Arrived { get; } = [];

        public int Broken { get; private set; }

        public void Take(Owner.Message message)
        {
            lock (_gate)
            {
                Arrived[Number(message)] = Arrived.GetValueOrDefault(Number(message)) + 1;
                _unsettled.Enqueue(message.Ticket);
                if (Broken < _breaks && Arrived.Count > (Broken + 1) * Count / (_breaks + 2))
                {
                    Broken++;
                    _relay.Cut();
                    _relay.Restore();
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            _timer.Dispose();
            await _committing;
        }

        private async Task CommitAsync()
        {
            while (await _timer.WaitForNextTickAsync())
            {
                lock (_gate)
                {
                    while (_unsettled.TryDequeue(out IntakeTicket ticket))
                    {
                        ticket.Accept();
                    }
                }
            }
        }
    }
}
