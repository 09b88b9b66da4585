using System.Diagnostics.Metrics;

namespace EdgeAgent.Diagnostics;

/// <summary>
/// The one home of the agent's instruments. Totals can be read at any time (the drain at shutdown, tests and the
/// diagnostics page do) and are exported under their names by any listener of the meter.
/// This file holds what sources count; <c>AgentMetrics.Pipeline.cs</c> what batcher, spool and uplink count.
/// </summary>
internal sealed partial class AgentMetrics : IDisposable
{
    public const string MeterName = "EdgeAgent";

    private readonly Meter _meter = new(MeterName);

    public AgentMetrics()
    {
        ReadingsRead.Publish(_meter);
        ReadingsDropped.Publish(_meter);
        MessagesReceived.Publish(_meter);
        MessagesDiscarded.Publish(_meter);
        MessagesAcknowledged.Publish(_meter);
        MessagesRedelivered.Publish(_meter);
        PollsLate.Publish(_meter);
        PollsFailed.Publish(_meter);
        PollsAnswered.Publish(_meter);
        SamplesMissed.Publish(_meter);
        PublishTraffic(_meter);
        PublishPipeline(_meter);
        PublishConnecting(_meter);
        PublishIdentity(_meter);
        PublishProgress(_meter);
        ClockKnown.Publish(_meter);
        PublishLanes(_meter);
        PublishGpio(_meter);
        PublishI2c(_meter);
    }

    /// <summary>Readings that sources put into the channel.</summary>
    public TotalBy<ReadingSource> ReadingsRead { get; } =
        new("edge_agent.readings.read", "{reading}", "Readings taken from devices.", "source");

    public TotalBy<DropCause> ReadingsDropped { get; } =
        new("edge_agent.readings.dropped", "{reading}", "Readings that are lost, by cause.", "cause");

    public TotalBy<ReadingSource> MessagesReceived { get; } =
        new("edge_agent.mqtt.messages.received", "{message}", "MQTT messages received.", "source");

    public TotalBy<DiscardCause> MessagesDiscarded { get; } =
        new("edge_agent.mqtt.messages.discarded", "{message}", "MQTT messages that gave no reading, by cause.", "cause");

    /// <summary>QoS 1 and 2 messages whose publisher or broker was told that they are durable.</summary>
    public TotalBy<ReadingSource> MessagesAcknowledged { get; } =
        new("edge_agent.mqtt.messages.acknowledged", "{message}", "MQTT messages acknowledged.", "source");

    /// <summary>Messages that a broker sent again although the first copy is stored or on its way to flash; they are taken once.</summary>
    public Total MessagesRedelivered { get; } =
        new("edge_agent.mqtt.messages.redelivered", "{message}", "MQTT messages that came again and were recognised.");

    /// <summary>By what sensors share, such as a bus: which of them is too slow for what is asked of it.</summary>
    public TotalByName PollsLate { get; } =
        new("edge_agent.polls.late", "{poll}", "Polls of a sensor that were left out because an earlier one was still at work.", "group");

    /// <summary>Polls that gave a quality instead of values.</summary>
    public Total PollsFailed { get; } = new("edge_agent.polls.failed", "{poll}", "Polls of a sensor that gave no value.");

    /// <summary>By sensor, as its series begin: which of them is there.</summary>
    public TotalByName PollsAnswered { get; } =
        new("edge_agent.polls.answered", "{poll}", "Polls of a sensor that gave a value.", "sensor");

    /// <summary>Seen by the distance between the times of their neighbours: the kernel says nothing.</summary>
    public Total SamplesMissed { get; } =
        new("edge_agent.iio.samples.missed", "{sample}", "Samples of IIO captures that the kernel's buffer lost or whose trigger did not come.");

    /// <summary>Whether an instrument is one of these, and not of another agent in the same process.</summary>
    public bool Has(Instrument instrument) => instrument.Meter == _meter;

    public void Dispose() => _meter.Dispose();
}
