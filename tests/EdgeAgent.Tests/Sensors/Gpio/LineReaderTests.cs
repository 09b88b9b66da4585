using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Sensors;
using EdgeAgent.Sensors.Gpio;
using EdgeAgent.Sensors.Gpio.Modes;
using EdgeAgent.Sensors.Gpio.Native;
using EdgeAgent.Sensors.Gpio.Simulation;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Clock;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;

namespace EdgeAgent.Tests.Sensors.Gpio;

public sealed class LineReaderTests : IDisposable
{
    /// <summary>For liveness only.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly AgentMetrics _metrics = new();
    private readonly SimulatedGpio _gpio = new(TimeProvider.System);

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task A_thread_reads_edges_as_they_come_and_gives_the_lines_back_at_the_end()
    {
        SimulatedGpioChip chip = _gpio.AddChip("bank");
        SimulatedLine door = chip.AddLine("door");
        SimulatedLine flow = chip.AddLine("flow");
        var channel = new ReadingChannel();
        var series = new PushedSeries(new SensorOptions { Series = "door" }, new Dictionary<string, string>(), new SeriesCatalog(), channel, _metrics);
        var counter = new PulseCounter(new PulseOptions(), LineFlags.EdgeRising, 0);
        var reader = new LineReader([Connect(GpioMode.Level, "door", new LevelLine(series, TimeSpan.FromHours(1))), Connect(GpioMode.Counter, "flow", counter)], _gpio);
        using var stop = new CancellationTokenSource();
        Task running = Task.Factory.StartNew(() => reader.Run(stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.Equal(0, (await channel.Reader.ReadAsync().AsTask().WaitAsync(Patience)).Number);

        door.Drive(true);
        Assert.Equal(1, (await channel.Reader.ReadAsync().AsTask().WaitAsync(Patience)).Number);
        await Eventually.TrueAsync(() => flow.Request is not null, Patience, "the counter's line is requested");
        for (int i = 0; i < 100; i++)
        {
            flow.Drive(true);
            flow.Drive(false);
        }
        await stop.CancelAsync();
        await running.WaitAsync(Patience);

        // Those that rested in the queue, too.
        Assert.Equal(100, counter.Count);
        Assert.Null(door.Request);
        Assert.Null(flow.Request);
    }

    [Fact]
    public void Waiting_for_the_kernel_ends_with_what_can_be_read_and_with_a_wake_up()
    {
        using var wait = new KernelWait();
        using SafeFileHandle silent = Posix.CreateWakeUp();
        using SafeFileHandle speaking = Posix.CreateWakeUp();
        using var first = new KernelRequest(silent, 1);
        using var second = new KernelRequest(speaking, 1);
        Assert.Equal(sizeof(ulong), Posix.Write(speaking, 1, sizeof(ulong)));
        bool[] ready = new bool[3];

        wait.Wait([first, null, second], ready, Patience);
        Assert.Equal([false, false, true], ready);

        wait.Wake();
        wait.Wait([first, null, null], ready, Patience);
        Assert.Equal([false, false, false], ready);
    }

    [Fact]
    public void What_is_no_gpio_chip_is_an_outcome_and_a_link_to_one_no_second_one()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["dev"]);
        File.WriteAllText(folder["dev/gpiochip0"], "no device");
        File.CreateSymbolicLink(folder["dev/gpiochip4"], "gpiochip0");
        var kernel = new KernelGpio(new HardwareRoot(folder.Path));

        Assert.Equal(["gpiochip0"], kernel.Chips);
        Assert.Equal(LineOutcome.Failed, kernel.Open("gpiochip0", out IGpioChip? chip));
        Assert.Null(chip);
        Assert.Equal(LineOutcome.ChipAbsent, kernel.Open("gpiochip1", out _));
        Assert.Empty(new KernelGpio(new HardwareRoot(folder["nowhere"])).Chips);
        Assert.InRange(kernel.Nanoseconds, 1, kernel.Nanoseconds);
    }

    private LineConnection Connect(GpioMode mode, string line, ILineMode meaning) => new(
        GpioFixture.Options(mode, line), meaning, _gpio, TestClocks.Right(), _metrics, TimeProvider.System, NullLogger<LineConnection>.Instance);
}
