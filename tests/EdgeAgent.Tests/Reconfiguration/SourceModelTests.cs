using EdgeAgent.Batching;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Reconfiguration;
using EdgeAgent.Sensors.Gpio;
using EdgeAgent.Sensors.Host;
using EdgeAgent.Sensors.I2c;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Kernel.Iio;
using EdgeAgent.Sensors.Mqtt;
using EdgeAgent.Sensors.Mqtt.Intake;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Configuration;
using EdgeAgent.Tests.Sensors.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeAgent.Tests.Reconfiguration;

/// <summary>
/// All sources together, under one random configuration after the other. The model is a fresh start: after each change just that runs and is open which an agent
/// has that begins with the configuration, and what is in all of them has not noticed.
/// </summary>
public sealed class SourceModelTests : IDisposable
{
    /// <summary>For liveness only.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private readonly KernelTree _tree = new();
    private readonly string _cloud;

    public SourceModelTests()
    {
        _cloud = Read.Cloud(_folder);
        RandomSources.Write(_tree);
    }

    public void Dispose()
    {
        _tree.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task After_each_change_that_runs_and_is_open_which_a_fresh_start_would_have(int seed)
    {
        var sources = new RandomSources(seed);
        using IHost host = Host(Configuration(sources.Next()));
        await host.StartAsync();
        LiveConfiguration live = host.Services.GetRequiredService<LiveConfiguration>();
        GpioLines lines = host.Services.GetRequiredService<GpioLines>();
        await Eventually.TrueAsync(() => lines.TrySet("relay", true) == OutputOutcome.Set && lines.Simulated.Requested.Contains("meter"), Patience, "the lines are there");
        SensorPlan meter = lines.Sensors.Single(plan => plan.Options.Series == "meter");
        int pulses = 0;
        for (int i = 0; i < 25; i++)
        {
            AgentConfiguration next = Configuration(sources.Next());
            Task applying = live.ApplyAsync(next, CancellationToken.None);
            for (int pulse = 0; pulse < 20; pulse++, pulses++)
            {
                lines.Simulated["meter"].Drive(true);
                lines.Simulated["meter"].Drive(false);
            }
            await applying.WaitAsync(Patience);

            using IHost fresh = Host(next);
            Assert.Equal(SensorsOf(fresh), SensorsOf(host));
            Assert.Equal(SensorsOf(fresh).Length, host.Services.GetRequiredService<SamplingService>().Sensors.Count);
            Assert.Equal(ThreadsOf(fresh), ThreadsOf(host));
            Assert.Equal(next.Intakes.Select(intake => intake.Name).Order(), Intakes(host).Order());
            Assert.Equal(next.Kernel.Captures.Count, host.Services.GetRequiredService<EntryServices<IioCaptureOptions, IioCaptureService>>().All.Count);
            string[] named = [.. next.GpioLines.SelectMany(line => line.Address.Lines).Select(line => line.ToString()).Order()];
            await Eventually.TrueAsync(
                () => named.SequenceEqual(lines.Simulated.Requested.Order()), Patience, () => $"{string.Join(' ', named)} are requested, not {string.Join(' ', lines.Simulated.Requested)}");
            Assert.Same(meter, lines.Sensors.Single(plan => plan.Options.Series == "meter"));
            Assert.True(lines.Simulated["relay"].IsHigh);
            Drain(host);
        }
        var counted = new Measured[2];
        await meter.Sensor.MeasureAsync(counted, CancellationToken.None);
        Assert.Equal(pulses, counted[0].Value);

        await live.ApplyAsync(Configuration(""), CancellationToken.None).WaitAsync(Patience);
        Assert.Empty(SensorsOf(host));
        Assert.Empty(lines.Simulated.Requested);
        await Eventually.TrueAsync(() => Files().Length == 0, Patience, () => $"no file is open: {string.Join(' ', Files())}");
        await Eventually.TrueAsync(() => !ThreadNames().Any(name => name.StartsWith("hwmon-mdl-", StringComparison.Ordinal)), Patience, "no thread is left");
        await host.StopAsync();
    }

    [Fact]
    public async Task A_stop_at_any_moment_of_a_change_ends_everything()
    {
        var sources = new RandomSources(seed: 4);
        for (int i = 0; i < 10; i++)
        {
            using IHost host = Host(Configuration(sources.Next()));
            await host.StartAsync();
            Task applying = host.Services.GetRequiredService<LiveConfiguration>().ApplyAsync(Configuration(sources.Next()), CancellationToken.None);
            for (int yields = 0; yields < i * 3; yields++)
            {
                await Task.Yield();
            }
            await host.StopAsync().WaitAsync(Patience);
            await applying.WaitAsync(Patience);

            Assert.Empty(host.Services.GetRequiredService<GpioLines>().Simulated.Requested);
            Assert.False(host.Services.GetRequiredService<GpioLines>().Simulated["relay"].IsHigh);
            Assert.Empty(Intakes(host));
        }
        await Eventually.TrueAsync(() => Files().Length == 0, Patience, () => $"no file is open: {string.Join(' ', Files())}");
    }

    [Fact]
    public async Task Without_any_source_nothing_is_there_that_could_wake_up()
    {
        using IHost host = Host(Configuration(""));
        await host.StartAsync();

        Assert.Empty(SensorsOf(host));
        Assert.Equal((0, 0, 0), ThreadsOf(host));
        Assert.Empty(host.Services.GetRequiredService<SamplingService>().Sensors);
        Assert.False(File.Exists(_folder["spool.counters"]));
        await host.StopAsync();
        Assert.False(File.Exists(_folder["spool.counters"]));
    }

    private static string[] SensorsOf(IHost host) => [.. host.Services.GetServices<ISensorSource>()
        .SelectMany(source => source.Sensors)
        // Thermometers take whichever thread has fewest.
        .Select(plan => $"{plan.Options.Series} {plan.Sensor.Description} every {plan.Options.Interval} on {plan.Group.Split('-')[0]}")
        .Order()];

    private static (int Buses, int Kernel, int Gpio) ThreadsOf(IHost host) => (
        host.Services.GetRequiredService<I2cSensorSource>().Buses,
        host.Services.GetRequiredService<KernelSensorSource>().Threads,
        host.Services.GetRequiredService<GpioLines>().Threads);

    private static IEnumerable<string> Intakes(IHost host) =>
        host.Services.GetRequiredService<EntryServices<MqttIntakeOptions, MqttIntakeService>>().All.Select(intake => intake.Name);

    private static void Drain(IHost host)
    {
        while (host.Services.GetRequiredService<ReadingChannel>().Reader.TryRead(out _))
        {
        }
    }

    private static IEnumerable<string> ThreadNames()
    {
        foreach (string thread in Directory.GetDirectories("/proc/self/task"))
        {
            string name = "";
            try
            {
                name = File.ReadAllText($"{thread}/comm");
            }
            catch (Exception ended) when (ended is IOException or UnauthorizedAccessException)
            {
                // It ended meanwhile.
            }
            yield return name;
        }
    }

    /// <summary>What this process has open of the devices.</summary>
    private string[] Files() => [.. Directory.GetFiles("/proc/self/fd")
        .Select(file => new FileInfo(file).LinkTarget ?? "").Where(target => target.StartsWith(_tree.Root.Folder, StringComparison.Ordinal))];

    private AgentConfiguration Configuration(string sources) => Read.Sound(
        _folder,
        $$"""{ {{_cloud}}, "device": { "hardware": "{{_tree.Root.Folder}}" }, "spool": { "path": "spool" } {{(sources.Length == 0 ? "" : ",")}} {{sources}} }""");

    private static IHost Host(AgentConfiguration configuration)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddAgentCore(configuration, TimeProvider.System)
            .AddSingleton(configuration.Spool)
            .AddSingleton<SpoolSlot>()
            .AddMqttSources()
            .AddI2cSensors(configuration)
            .AddGpio()
            .AddKernelSensors()
            .AddHostHealth()
            .AddSampling();
        return builder.Build();
    }
}
