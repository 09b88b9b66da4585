using EdgeAgent.Configuration;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Reconfiguration;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Sensors.Kernel;

public sealed class BlockingSensorsTests : IDisposable
{
    /// <summary>For liveness only.</summary>
    private static readonly TimeSpan Liveness = TimeSpan.FromMinutes(1);

    private readonly ManualTimeProvider _time = new();
    private readonly Dictionary<string, Device> _devices = [];
    private readonly BlockingSensors<string> _sensors;

    public BlockingSensorsTests() => _sensors = new BlockingSensors<string>(
        configuration => configuration.Sections["devices"].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => new Entry<string>(name, name)), _time);

    public void Dispose() => _sensors.Dispose();

    [Fact]
    public async Task Files_are_closed_and_a_thread_ends_with_the_last_sensor_of_its_group()
    {
        Begin("a/1,a/2,b/1");
        SensorPlan unchanged = _sensors.All[0];
        foreach (SensorPlan plan in _sensors.All)
        {
            Assert.Equal(7, (await MeasureAsync(plan)).Value);
        }
        Assert.Equal(2, _sensors.Threads.Count);

        Apply("a/1");
        Assert.Same(unchanged, Assert.Single(_sensors.All));
        Assert.Equal(1, _sensors.Threads.Count);
        Assert.Equal([false, true, true], _devices.Values.Select(device => device.IsClosed));
        Assert.Equal(7, (await MeasureAsync(unchanged)).Value);

        Apply("");
        Assert.Equal(0, _sensors.Threads.Count);
        Assert.True(_devices["a/1"].IsClosed);
    }

    [Fact]
    public async Task A_device_that_hangs_keeps_its_thread_and_its_files_until_it_comes_back_and_no_other_thread_is_given_to_its_group()
    {
        Begin("a/1");
        SensorPlan hanging = _sensors.All[0];
        Device device = _devices["a/1"];
        device.Hang();
        ValueTask<Measured> measuring = MeasureAsync(hanging);
        await Eventually.TrueAsync(() => device.IsHanging, Liveness, "it hangs");
        _time.Advance(BlockingThread.Patience);
        Assert.Equal(Quality.NoResponse, (await measuring).Quality);

        Apply("a/2");
        Assert.Equal(1, _sensors.Threads.Count);
        Assert.False(device.IsClosed);
        Assert.Equal(Quality.NoResponse, (await MeasureAsync(_sensors.All[0])).Quality);
        Apply("");
        Assert.Equal(1, _sensors.Threads.Count);

        device.Release();
        await Eventually.TrueAsync(() => device.IsClosed, Liveness, "its files are closed");
        await Eventually.TrueAsync(
            () =>
            {
                Apply("");
                return _sensors.Threads.Count == 0;
            },
            Liveness, "the next change ends the thread");
    }

    private static async ValueTask<Measured> MeasureAsync(SensorPlan plan)
    {
        var values = new Measured[1];
        await plan.Sensor.MeasureAsync(values, CancellationToken.None).AsTask().WaitAsync(Liveness);
        return values[0];
    }

    private static AgentConfiguration With(string devices) => new() { Sections = new Dictionary<string, string> { ["devices"] = devices } };

    private void Begin(string devices) => _sensors.Begin(With(devices), name => (_devices[name] = new Device(), new SensorOptions { Series = name }, name[..1]));

    private void Apply(string devices)
    {
        _sensors.Retire(With(devices));
        Begin(devices);
    }

    private sealed class Device : IBlockingDevice
    {
        private readonly ManualResetEventSlim _free = new(initialState: true);

        public string Description => "a device";

        public IReadOnlyList<Quantity> Quantities { get; } = [new Quantity("value", "", 0)];

        public bool IsPresent => true;

        public bool IsHanging { get; private set; }

        public bool IsClosed { get; private set; }

        public void Hang() => _free.Reset();

        public void Release() => _free.Set();

        public void Measure(Span<Measured> values)
        {
            IsHanging = !_free.IsSet;
            _free.Wait(Liveness);
            values.Fill(Measured.Good(7));
        }

        public void Dispose() => IsClosed = true;
    }
}
