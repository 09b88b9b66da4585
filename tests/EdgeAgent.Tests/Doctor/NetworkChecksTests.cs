using System.Net;
using System.Net.Sockets;
using EdgeAgent.Doctor;
using EdgeAgent.Doctor.Checks;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Uplink.Connecting;
using EdgeAgent.Uplink.Connecting;

namespace EdgeAgent.Tests.Doctor;

/// <summary>Names, brokers and proxies: what is seen of them, and what to do about it. Brokers and proxies are Debian's.</summary>
public sealed class NetworkChecksTests
{
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_name_passes_with_its_addresses_and_whom_was_asked()
    {
        using var examined = new Examined();
        examined.With("etc/resolv.conf", "search lan\nnameserver 192.0.2.53\n");

        Diagnosis found = Assert.Single(await Examined.RunAsync(new DnsCheck(examined.Device(names: Answering("192.0.2.7", "2001:db8::7")))));

        Assert.Equal((Verdict.Pass, "localhost"), (found.Verdict, found.Subject));
        Assert.Matches("^192.0.2.7, 2001:db8::7 within \\d+ ms, asked of 192.0.2.53\\.$", found.Seen);
    }

    [Theory]
    [InlineData(SocketError.HostNotFound, "knows no address", "Correct the name")]
    [InlineData(SocketError.TryAgain, "does not answer", "Look at the line")]
    public async Task A_name_without_an_address_and_a_resolver_that_is_silent_are_told_apart(SocketError error, string seen, string remedy)
    {
        using var examined = new Examined();

        Diagnosis found = Assert.Single(await Examined.RunAsync(new DnsCheck(examined.Device(names: (_, _) => throw new SocketException((int)error)))));

        Assert.Equal(Verdict.Fail, found.Verdict);
        Assert.Contains(seen, found.Seen, StringComparison.Ordinal);
        Assert.StartsWith(remedy, found.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_first_resolver_that_does_not_answer_is_a_warning()
    {
        using var examined = new Examined();
        var time = new ManualTimeProvider();
        ExaminedDevice device = examined.Device(
            names: (_, _) =>
            {
                time.Advance(TimeSpan.FromSeconds(5));
                return Task.FromResult<IPAddress[]>([IPAddress.Loopback]);
            },
            time: time);

        Diagnosis found = Assert.Single(await Examined.RunAsync(new DnsCheck(device)));

        Assert.Equal(Verdict.Warn, found.Verdict);
        Assert.Contains("5000 ms", found.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_service_behind_a_proxy_the_proxy_is_looked_up_and_of_brokers_each_name_once()
    {
        using var examined = new Examined();
        const string sections = """
            "mqtt": [ { "broker": "mqtt://broker.lan", "subscribe": [ { "topic": "t/+" } ] }, { "broker": "mqtt://BROKER.lan:1884", "subscribe": [ { "topic": "u/+" } ] },
              { "broker": "mqtt://192.0.2.9", "subscribe": [ { "topic": "v/+" } ] } ]
            """;
        ExaminedDevice device = examined.Device(sections, environment: Https("http://proxy.lan:3128"), names: Answering("192.0.2.1"));

        Assert.Equal(["proxy.lan", "broker.lan"], (await Examined.RunAsync(new DnsCheck(device))).Select(found => found.Subject));
    }

    [InstalledFact("mosquitto", "mosquitto_passwd")]
    public async Task A_broker_that_lets_the_agent_in_passes_and_another_password_is_a_failure()
    {
        using var examined = new Examined();
        await using Mosquitto broker = await Mosquitto.StartAsync(static folder => MosquittoSettings.Password(folder, "agent", "sesame"));
        string Entry(string password) => Subscribing(broker.Port, $$""" "username": "agent", "password": { "value": "{{password}}" }, """, "t/+");

        Diagnosis right = Assert.Single(await Examined.RunAsync(new BrokerCheck(examined.Device(Entry("sesame")))));
        Diagnosis wrong = Assert.Single(await Examined.RunAsync(new BrokerCheck(examined.Device(Entry("open")))));

        Assert.Equal((Verdict.Pass, $"127.0.0.1:{broker.Port}"), (right.Verdict, right.Subject));
        Assert.Contains("as agent", right.Seen, StringComparison.Ordinal);
        Assert.Equal(Verdict.Fail, wrong.Verdict);
        Assert.Contains("password", wrong.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("open", $"{wrong.Seen} {wrong.Remedy}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_nobody_runs_is_a_failure()
    {
        using var examined = new Examined();

        Diagnosis found = Assert.Single(await Examined.RunAsync(new BrokerCheck(examined.Device(Subscribing(Loopback.FreePort(), "", "t/+")))));

        Assert.Equal(Verdict.Fail, found.Verdict);
        Assert.StartsWith("It cannot be reached", found.Seen, StringComparison.Ordinal);
    }

    [InstalledFact("mosquitto", MosquittoSettings.DynamicSecurity)]
    public async Task Topics_that_the_broker_keeps_from_the_agent_are_named()
    {
        using var examined = new Examined();
        await using Mosquitto broker = await Mosquitto.StartAsync(static folder => MosquittoSettings.Subscribing(folder, "hall/#"));
        string sections = Subscribing(broker.Port, "", "hall/+", "vault/+");

        Diagnosis found = Assert.Single(await Examined.RunAsync(new BrokerCheck(examined.Device(sections))));

        Assert.Equal(Verdict.Fail, found.Verdict);
        Assert.Contains("vault/+", found.Seen, StringComparison.Ordinal);
        Assert.DoesNotContain("hall/+", found.Seen, StringComparison.Ordinal);
    }

    [InstalledFact("mosquitto", "mosquitto_sub", "mosquitto_pub")]
    public async Task What_waits_in_the_agents_session_is_still_there_after_the_check()
    {
        using var examined = new Examined();
        await using Mosquitto broker = await Mosquitto.StartAsync();
        string sections = Subscribing(broker.Port, """ "clientId": "cabinet-7", """, "t/+");
        string[] session = ["-h", "127.0.0.1", "-p", $"{broker.Port}", "-i", "cabinet-7", "-c", "-q", "1", "-t", "t/+"];
        await ForeignProcess.RunAsync("mosquitto_sub", [.. session, "-E"], Enough);
        await MosquittoPub.SendAsync(broker.Port, "t/1", "waiting");

        Assert.Equal(Verdict.Pass, Assert.Single(await Examined.RunAsync(new BrokerCheck(examined.Device(sections)))).Verdict);

        (_, string received) = await ForeignProcess.RunAsync("mosquitto_sub", [.. session, "-C", "1", "-W", "10"], Enough);
        Assert.Equal("waiting", received.Trim());
    }

    [Fact]
    public async Task Without_a_proxy_the_check_passes()
    {
        using var examined = new Examined();

        Diagnosis found = Assert.Single(await Examined.RunAsync(new ProxyCheck(examined.Device())));

        Assert.Equal((Verdict.Pass, "There is none."), (found.Verdict, found.Seen));
    }

    [InstalledFact("tinyproxy")]
    public async Task A_proxy_passes_where_it_opens_a_tunnel_and_says_why_where_it_does_not()
    {
        using var examined = new Examined();
        using TcpListener service = Listening(out Uri endpoint);
        await using Tinyproxy proxy = await Tinyproxy.StartAsync(endpoint.Port);

        Diagnosis right = await ProxyAsync(examined.Device(environment: Https(Login(proxy, Tinyproxy.Password))), endpoint);
        Diagnosis wrong = await ProxyAsync(examined.Device(environment: Https(Login(proxy, "hunter2"))), endpoint);

        Assert.Equal((Verdict.Pass, $"localhost:{endpoint.Port}"), (right.Verdict, right.Subject));
        Assert.Equal(Verdict.Fail, wrong.Verdict);
        Assert.Contains("does not accept the user and the password", wrong.Seen, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", $"{wrong.Seen} {wrong.Remedy}", StringComparison.Ordinal);
    }

    [InstalledFact("tinyproxy")]
    public async Task A_proxy_that_the_shell_knows_and_the_running_agent_does_not_is_a_warning()
    {
        using var examined = new Examined();
        using TcpListener service = Listening(out Uri endpoint);
        await using Tinyproxy proxy = await Tinyproxy.StartAsync(endpoint.Port);
        ExaminedDevice device = examined.Device(unit: Examined.SoundUnit, environment: Https(Login(proxy, Tinyproxy.Password)));
        await using Spool running = Spool.Open(new SpoolOptions { Path = device.Known.Spool.Path }, TimeProvider.System, Guid.NewGuid());
        examined.With("proc/locks", File.ReadAllText("/proc/locks"));

        Diagnosis found = await ProxyAsync(device, endpoint);

        Assert.Equal(Verdict.Warn, found.Verdict);
        Assert.Contains("cloud.proxy", found.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(Tinyproxy.Password, $"{found.Seen} {found.Remedy}", StringComparison.Ordinal);
    }

    private static async Task<Diagnosis> ProxyAsync(ExaminedDevice device, Uri endpoint)
    {
        device.Known.Cloud.Endpoint = endpoint;
        return Assert.Single(await Examined.RunAsync(new ProxyCheck(device)));
    }

    /// <summary>What a proxy connects to.</summary>
    private static TcpListener Listening(out Uri endpoint)
    {
        var service = new TcpListener(IPAddress.Loopback, 0);
        service.Start();
        endpoint = new Uri($"https://localhost:{((IPEndPoint)service.LocalEndpoint).Port}");
        return service;
    }

    /// <summary>A broker on loopback, with more of its entry before its topics.</summary>
    private static string Subscribing(int port, string more, params string[] topics) => $$"""
        "mqtt": [ { "broker": "mqtt://127.0.0.1:{{port}}", {{more}} "subscribe": [ {{string.Join(", ", topics.Select(topic => $$"""{ "topic": "{{topic}}" }"""))}} ] } ]
        """;

    private static string Login(Tinyproxy proxy, string password) => $"http://{Tinyproxy.User}:{password}@{proxy.Url.Authority}";

    private static Func<string, string?> Https(string proxy) => name => name == "https_proxy" ? proxy : null;

    private static NameLookup Answering(params string[] addresses) => (_, _) => Task.FromResult(Array.ConvertAll(addresses, IPAddress.Parse));
}
