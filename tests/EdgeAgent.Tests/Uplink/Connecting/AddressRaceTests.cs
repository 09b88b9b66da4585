using System.Net;
using EdgeAgent.Testing;
using EdgeAgent.Uplink.Connecting;

namespace EdgeAgent.Tests.Uplink.Connecting;

public sealed class AddressRaceTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly Dictionary<IPAddress, TaskCompletionSource<Socket>> _dialed = [];

    [Fact]
    public void Families_take_turns_beginning_with_the_resolvers_choice()
    {
        IPAddress[] resolved = Addresses("2001:db8::1", "2001:db8::2", "2001:db8::3", "192.0.2.1");

        Assert.Equal(Addresses("2001:db8::1", "192.0.2.1", "2001:db8::2", "2001:db8::3"), AddressRace.Interleave(resolved));
    }

    [Fact]
    public void A_name_with_very_many_addresses_costs_no_more_than_the_bound()
    {
        IPAddress[] resolved = [.. Enumerable.Range(1, 200).Select(static i => new IPAddress([192, 0, 2, (byte)i]))];

        Assert.Equal(AddressRace.MostAddresses, AddressRace.Interleave(resolved).Count);
    }

    [Fact]
    public async Task The_second_address_is_tried_after_a_quarter_of_a_second_while_the_first_one_is_silent()
    {
        Task<Socket> race = Run("2001:db8::1", "192.0.2.1");
        _time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.Single(_dialed);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        await DialedAsync(2);
        var second = new Socket();
        Of("192.0.2.1").SetResult(second);

        Assert.Same(second, await race.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.False(second.IsDisposed);
    }

    [Fact]
    public async Task The_next_address_is_tried_at_once_when_one_fails()
    {
        Task<Socket> race = Run("192.0.2.1", "192.0.2.2");
        Of("192.0.2.1").SetException(new IOException("refused"));

        await DialedAsync(2);
        Of("192.0.2.2").SetResult(new Socket());
        await race.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Who_answers_after_the_winner_is_let_go()
    {
        Task<Socket> race = Run("192.0.2.1", "192.0.2.2");
        _time.Advance(AddressRace.HeadStart);
        await DialedAsync(2);
        Of("192.0.2.2").SetResult(new Socket());
        await race.WaitAsync(TimeSpan.FromSeconds(20));

        var late = new Socket();
        Of("192.0.2.1").SetResult(late);

        await Eventually.TrueAsync(() => late.IsDisposed, TimeSpan.FromSeconds(20), "the late socket is closed");
    }

    [Fact]
    public async Task Where_every_address_fails_every_failure_is_told()
    {
        Task<Socket> race = Run("192.0.2.1", "192.0.2.2");
        Of("192.0.2.1").SetException(new IOException("first"));
        await DialedAsync(2);
        Of("192.0.2.2").SetException(new IOException("second"));

        AggregateException all = await Assert.ThrowsAsync<AggregateException>(() => race.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(["first", "second"], all.InnerExceptions.Select(failure => failure.Message));
    }

    [Fact]
    public async Task A_race_that_nobody_wants_any_more_ends_and_lets_everybody_go()
    {
        using var stop = new CancellationTokenSource();
        Task<Socket> race = AddressRace.RunAsync(Addresses("192.0.2.1"), Dial, _time, stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => race.WaitAsync(TimeSpan.FromSeconds(20)));
        var late = new Socket();
        Of("192.0.2.1").SetResult(late);
        await Eventually.TrueAsync(() => late.IsDisposed, TimeSpan.FromSeconds(20), "the late socket is closed");
    }

    private static IPAddress[] Addresses(params string[] texts) => [.. texts.Select(IPAddress.Parse)];

    private Task<Socket> Run(params string[] addresses) => AddressRace.RunAsync(Addresses(addresses), Dial, _time, CancellationToken.None);

    private Task<Socket> Dial(IPAddress address, CancellationToken cancellationToken)
    {
        // It hears of no cancellation: the worst kind of loser.
        var answer = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_dialed)
        {
            _dialed.Add(address, answer);
        }
        return answer.Task;
    }

    private TaskCompletionSource<Socket> Of(string address)
    {
        lock (_dialed)
        {
            return _dialed[IPAddress.Parse(address)];
        }
    }

    private Task DialedAsync(int count) => Eventually.TrueAsync(
        () =>
        {
            lock (_dialed)
            {
                return _dialed.Count == count;
            }
        },
        TimeSpan.FromSeconds(20),
        $"{count} addresses are tried");

    private sealed class Socket : IDisposable
    {
        private bool _isDisposed;

        public bool IsDisposed => Volatile.Read(ref _isDisposed);

        public void Dispose() => Volatile.Write(ref _isDisposed, true);
    }
}
