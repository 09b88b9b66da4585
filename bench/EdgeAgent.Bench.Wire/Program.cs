using System.Globalization;
using EdgeAgent.Bench.Wire;
using EdgeAgent.Samples.Telemetry;

// Live sessions are many, so a day of them stands for all; a backlog is sent whole.
const int minutesOfADay = 24 * 60;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

IReadOnlyList<OfficeRoomRow> rows = OfficeRoom.Load(Path.Combine(AppContext.BaseDirectory, "office-room.csv"));
IReadOnlyList<OfficeRoomRow> day = [.. rows.Take(minutesOfADay)];
Console.WriteLine($"| a batch is | sent | readings | bytes | bytes a reading | as JSON over HTTP POST | ratio |");
Console.WriteLine($"|---|---|---|---|---|---|---|");
foreach ((string name, Func<IReadOnlyList<OfficeRoomRow>, IEnumerable<Sample[]>> cut) in Batching.Kinds)
{
    foreach ((Sending sending, IReadOnlyList<OfficeRoomRow> part) in ((Sending, IReadOnlyList<OfficeRoomRow>)[])[(Sending.Backlog, rows), (Sending.Live, day)])
    {
        Sample[][] batches = [.. cut(part)];
        int readings = part.Count * OfficeRoom.Series.Count;
        (long bytes, long stored) = await UploadedColumns.MeasureAsync(batches, sending);
        (long jsonBytes, long received) = await PostedJson.MeasureAsync(batches);
        if (stored != readings || received != readings)
        {
            Console.Error.WriteLine($"Of {readings} readings {stored} were stored and {received} received as JSON: the figures mean nothing.");
            return 1;
        }
        Console.WriteLine(
            $"| {name} | {(sending == Sending.Backlog ? "as backlog" : "live, a session each")} | {readings:N0} | {bytes:N0} | {(double)bytes / readings:0.00} | {(double)jsonBytes / readings:0.0} | 1 : {(double)jsonBytes / bytes:0.0} |");
    }
}
return 0;
