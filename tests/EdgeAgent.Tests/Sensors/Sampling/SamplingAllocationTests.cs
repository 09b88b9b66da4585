using System.Threading.Tasks.Sources;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Supervision;
using EdgeAgent.Tests.Clock;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Sensors.Sampling;

public sealed class SamplingAllocationTests
{
    private const int Sensors = 50;
    private const int Rounds = 200;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task In_steady_state_a_reading_allocates_nothing(bool isWaitedFor)
    {
        var time = new HandTime();
        var channel = new ReadingChannel();
        using var metrics = new AgentMetrics();
        LeanSensor[] sensors = [.. Enumerable.Range(0, Sensors).Select(_ => new LeanSensor(isWaitedFor))];
        SensorPlan[] plans = [.. sensors.Select((sensor, i) => new SensorPlan(sensor, new SensorOptions { Series = $"s{i}", Interval = TimeSpan.FromSeconds(1) }, "bus"))];
        using var service = new SamplingService(
            [new OneGroup(ReadingSource.I2c, plans)], new AgentConfiguration(), new SeriesCatalog(), channel, metrics, TestClocks.Right(time), time,
            new Heartbeats(time), NullLogger<SamplingService>.Instance);
        await service.StartAsync(CancellationToken.None);
        void Run(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                time.Advance(TimeSpan.FromSeconds(1));
                foreach (LeanSensor sensor in sensors)
                {
                    sensor.Complete();
                }
                while (channel.Reader.TryRead(out _))
                {
                }
            }
        }
        Run(Rounds);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(Rounds);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        Assert.Equal(2 * Rounds * Sensors, metrics.ReadingsRead.Sum);
        Assert.Equal(0, metrics.PollsLate.Sum);
    }

    /// <summary>Itself what is awaited, so that what is counted is the sampler's alone.</summary>
    private sealed class LeanSensor(bool isWaitedFor) : ISensor, IValueTaskSource
    {
        private static readonly IReadOnlyList<Quantity> OneNumber = [new Quantity("value", "1", 3)];

        private ManualResetValueTaskSourceCore<bool> _waiting;
        private bool _isBegun;

        public string Description => "lean";

        public IReadOnlyList<Quantity> Quantities => OneNumber;

        public bool IsPresent => true;

        public ValueTask MeasureAsync(Measured[] values, CancellationToken cancellationToken)
        {
            values[0] = Measured.Good(1);
            _isBegun = true;
            return isWaitedFor ? new ValueTask(this, _waiting.Version) : ValueTask.CompletedTask;
        }

        public void Complete()
        {
            if (isWaitedFor && _isBegun)
            {
                _isBegun = false;
                _waiting.SetResult(true);
            }
        }

        public void GetResult(short token) => _waiting.Reset();

        public ValueTaskSourceStatus GetStatus(short token) => _waiting.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _waiting.OnCompleted(continuation, state, token, flags);
    }
}
