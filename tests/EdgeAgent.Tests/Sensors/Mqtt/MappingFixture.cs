using System.Text;
using EdgeAgent.Clock;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Sensors.Mqtt.Mapping;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Clock;
using EdgeAgent.Tests.Configuration;

namespace EdgeAgent.Tests.Sensors.Mqtt;

/// <summary>A mapping as the configuration makes it, and messages as devices send them.</summary>
internal sealed class MappingFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Reading[] _readings;

    /// <param name="rules">The list "rules", as it stands in the configuration.</param>
    public MappingFixture(string rules, int maximumSeries = 100, string deviceLabels = "{}", DateTimeOffset? now = null)
    {
        Time = new ManualTimeProvider(now ?? new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
        AgentConfiguration configuration = Read.Sound(_folder, $$"""
            { {{Read.Cloud(_folder)}}, "device": { "labels": {{deviceLabels}} }, "mqtt": [{ "listen": "mqtt://127.0.0.1:0", "rules": {{rules}} }] }
            """);
        Catalog = new SeriesCatalog(maximumSeries);
        Mapping = new MessageMapping(configuration.Intakes[0].Rules, Catalog, configuration.Device.Labels, Metrics, TestClocks.Of(new ProviderClock(Time), _folder["clock"]));
        _readings = new Reading[Mapping.MaximumReadings];
    }

    public ManualTimeProvider Time { get; }

    public AgentMetrics Metrics { get; } = new();

    public SeriesCatalog Catalog { get; }

    public MessageMapping Mapping { get; }

    /// <summary>Nanoseconds of the clock that stands still.</summary>
    public long Now => 1_780_315_200_000_000_000;

    public void Dispose()
    {
        Metrics.Dispose();
        _folder.Dispose();
    }

    public MappedMessage Send(string topic, byte[] payload) => Mapping.Map(Encoding.UTF8.GetBytes(topic), payload, _readings);

    /// <summary>The readings of a message, each as <c>name=value</c>, or <c>name!quality</c> where there is no value.</summary>
    public string[] Map(string topic, string payload)
    {
        MappedMessage mapped = Send(topic, Encoding.UTF8.GetBytes(payload));
        Assert.Null(mapped.Discarded);
        return [.. _readings[..mapped.Readings].Select(Describe)];
    }

    public Reading MapOne(string topic, string payload)
    {
        MappedMessage mapped = Send(topic, Encoding.UTF8.GetBytes(payload));
        Assert.Equal((1, null), (mapped.Readings, mapped.Discarded));
        return _readings[0];
    }

    public DiscardCause? Discard(string topic, string payload)
    {
        MappedMessage mapped = Send(topic, Encoding.UTF8.GetBytes(payload));
        Assert.Equal(0, mapped.Readings);
        return mapped.Discarded;
    }

    private string Describe(Reading reading)
    {
        Series series = Catalog[reading.Series];
        string mark = reading.Quality == Quality.Uncertain ? "~" : "=";
        return reading.Quality >= Quality.NoResponse ? $"{series.Definition.Name}!{reading.Quality}" : series.Definition.Kind switch
        {
            SeriesKind.Text => $"{series.Definition.Name}{mark}{reading.Text}",
            SeriesKind.Boolean => $"{series.Definition.Name}{mark}{reading.Number == 1}",
            _ => FormattableString.Invariant($"{series.Definition.Name}{mark}{reading.Number}"),
        };
    }
}
