using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Spooling;

namespace EdgeAgent.Bench.Sampling;

/// <summary>The simple way: a task and a PeriodicTimer for each sensor.</summary>
internal sealed class TimerEach(int count, TimeSpan interval, TimeSpan? fast = null) : ILoad
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _tasks = [];

    public ProbeSensor? Fast { get; } = fast is null ? null : new ProbeSensor(Measurement.MostInstants, fast.Value);

    public void Start(ReadingChannel channel)
    {
        var catalog = new SeriesCatalog();
        for (int i = 0; i < count; i++)
        {
            _tasks.Add(ReadAsync(new ProbeSensor(), $"s{i}", interval, catalog, channel));
        }
        if (Fast is not null)
        {
            _tasks.Add(ReadAsync(Fast, "fast", fast!.Value, catalog, channel));
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        Task.WhenAll(_tasks).ContinueWith(static _ => { }, TaskScheduler.Default).Wait();
        _stop.Dispose();
    }

    private async Task ReadAsync(ProbeSensor sensor, string name, TimeSpan every, SeriesCatalog catalog, ReadingChannel channel)
    {
        catalog.TryRegister(name, "", new Dictionary<string, string>(), SeriesKind.Number, SpoolLane.Live, out Series? series);
        var values = new Measured[1];
        // As sensors of one interval are aligned.
        await Task.Delay(TimeSpan.FromTicks(every.Ticks - (DateTime.UtcNow.Ticks % every.Ticks)), _stop.Token).ConfigureAwait(false);
        using var timer = new PeriodicTimer(every);
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
        {
            await sensor.MeasureAsync(values, _stop.Token).ConfigureAwait(false);
            channel.WriteOrLose(Reading.OfNumber(series!.Id, DateTime.UtcNow.Ticks, values[0].Value), series.Lane);
        }
    }
}
