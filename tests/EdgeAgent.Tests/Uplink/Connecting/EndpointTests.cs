using System.Net;
using EdgeAgent.Testing;
using EdgeAgent.Uplink;

namespace EdgeAgent.Tests.Uplink.Connecting;

/// <summary>Where connections go, how long they serve, and what becomes of the sessions on them.</summary>
public sealed class EndpointTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task An_endpoint_that_refuses_is_followed_by_the_next_one_and_nothing_is_lost()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        (Uri gone, Uri there) = (new Uri($"https://localhost:{Loopback.FreePort()}"), rig.Options.Endpoint);
        (rig.Options.Endpoint, rig.Options.FurtherEndpoints) = (gone, [there]);
        await rig.AppendAsync(3);

        rig.Run();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 3);

        rig.AssertAllStored(3);
        Assert.Contains(rig.Log.Lines, line => line.Contains($"cannot be had at {gone}; the next connection goes to {there}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_that_was_given_up_is_followed_by_one_to_the_next_endpoint_and_after_the_last_comes_the_first()
    {
        await using TwoClouds clouds = await TwoClouds.StartAsync(_time);
        UplinkConnection connection = clouds.Connect();

        connection.Abandon(await clouds.SessionAsync(connection));
        connection.Abandon(await clouds.SessionAsync(connection));
        await clouds.SessionAsync(connection);

        Assert.Equal((2, 1), clouds.Sessions);
    }

    [Fact]
    public async Task The_preferred_endpoint_is_found_again_when_the_maximum_age_is_over()
    {
        await using TwoClouds clouds = await TwoClouds.StartAsync(_time);
        UplinkConnection connection = clouds.Connect();
        connection.Abandon(await clouds.SessionAsync(connection));
        await clouds.SessionAsync(connection);

        // Less than the shortest age that can be drawn; and then more than the longest and its tenth.
        _time.Advance(clouds.MaximumAge * 0.79);
        await clouds.SessionAsync(connection);
        Assert.Equal((1, 2), clouds.Sessions);
        _time.Advance(clouds.MaximumAge * 0.54);
        await clouds.SessionAsync(connection);

        Assert.Equal((2, 2), clouds.Sessions);
    }

    [Fact]
    public async Task An_old_connection_is_followed_by_a_new_one_and_closed()
    {
        await using TwoClouds clouds = await TwoClouds.StartAsync(_time);
        UplinkConnection connection = clouds.Connect();
        IngestClient first = await clouds.SessionAsync(connection);
        _time.Advance(clouds.MaximumAge * 0.79);
        Assert.Same(first, await clouds.SessionAsync(connection));

        _time.Advance(clouds.MaximumAge * 0.54);
        Assert.NotSame(first, await clouds.SessionAsync(connection));

        Assert.Equal((3, 2, 1), (clouds.Sessions.First, clouds.Rig.Metrics.Connections.Value, connection.Retired));
        await CloseAsync(connection);
    }

    [Fact]
    public async Task Sessions_under_way_keep_an_old_connection_for_a_tenth_of_its_age_and_end_on_it()
    {
        await using TwoClouds clouds = await TwoClouds.StartAsync(_time);
        UplinkConnection connection = clouds.Connect();
        using UploadSession underWay = await clouds.OpenAsync(connection);

        // Over, and not overdue: 0.8 + 0.4 × the first number of Random(1), and a tenth of it later.
        double drawn = 0.8 + (0.4 * new Random(1).NextDouble());
        _time.Advance(clouds.MaximumAge * (drawn * 1.05));
        Assert.Same(underWay.Client, await clouds.SessionAsync(connection));
        _time.Advance(clouds.MaximumAge * (drawn * 0.06));
        Assert.NotSame(underWay.Client, await clouds.SessionAsync(connection));

        // As often as it looks: the session is not over.
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, connection.Retired);
        await underWay.CompleteAsync(TimeSpan.Zero);
        await underWay.Receipt.WaitAsync(TimeSpan.FromSeconds(20));
        await CloseAsync(connection);
    }

    [Fact]
    public async Task Connections_that_only_wait_for_sessions_are_bounded_in_number()
    {
        await using TwoClouds clouds = await TwoClouds.StartAsync(_time);
        UplinkConnection connection = clouds.Connect();
        var sessions = new List<UploadSession>();
        for (int i = 0; i < 8; i++)
        {
            sessions.Add(await clouds.OpenAsync(connection));
            _time.Advance(clouds.MaximumAge * 1.4);
        }

        Assert.Equal(EdgeAgent.Uplink.Connecting.RetiredLines.Most, connection.Retired);
        await Assert.ThrowsAsync<SessionFailedException>(() => sessions[0].Receipt.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.False(sessions[^1].Receipt.IsCompleted);
        sessions.ForEach(session => session.Dispose());
    }

    [Fact]
    public async Task Every_connection_asks_for_the_addresses_anew()
    {
        await using TwoClouds clouds = await TwoClouds.StartAsync(_time);
        var answers = new Queue<IPAddress[]>([[IPAddress.Parse("127.0.0.1")], [IPAddress.Parse("127.0.0.2")]]);
        await clouds.StartAtAsync(IPAddress.Parse("127.0.0.2"));
        UplinkConnection connection = clouds.Rig.Connect((_, _) => Task.FromResult(answers.Dequeue()));

        await clouds.SessionAsync(connection);
        _time.Advance(clouds.MaximumAge * 1.4);
        await clouds.SessionAsync(connection);

        Assert.Equal((1, 1), clouds.Sessions);
        Assert.Empty(answers);
    }

    [Fact]
    public async Task An_address_that_refuses_is_followed_by_the_next_one_of_the_name()
    {
        await using TwoClouds clouds = await TwoClouds.StartAsync(_time);
        UplinkConnection connection = clouds.Rig.Connect((_, _) => Task.FromResult<IPAddress[]>([IPAddress.IPv6Loopback, IPAddress.Parse("127.0.0.1")]));

        await clouds.SessionAsync(connection);

        Assert.Equal((1, 0), clouds.Sessions);
    }

    private async Task CloseAsync(UplinkConnection connection) => await Eventually.TrueAsync(
        () =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return connection.Retired == 0;
        },
        TimeSpan.FromSeconds(20),
        "the old connection is closed");
}
