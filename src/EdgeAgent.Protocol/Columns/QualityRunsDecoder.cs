using EdgeAgent.Protocol.V1;
using Google.Protobuf.Collections;

namespace EdgeAgent.Protocol.Columns;

/// <summary>Reads the runs of <see cref="QualityRunsEncoder"/> into one quality for each reading.</summary>
internal static class QualityRunsDecoder
{
    /// <returns>What is wrong with the runs, or null.</returns>
    public static string? TryRead(RepeatedField<QualityRun> runs, Span<Quality> qualities)
    {
        qualities.Clear();
        ulong free = 0;
        for (int i = 0; i < runs.Count; i++)
        {
            QualityRun run = runs[i];
            ulong end = (ulong)run.First + run.Count;
            if (run.Count == 0 || run.First < free || end > (ulong)qualities.Length)
            {
                return $"qualities[{i}] is empty, out of order or out of range";
            }
            if (run.Quality is <= Quality.Good or > Quality.Failed)
            {
                return $"qualities[{i}].quality {(int)run.Quality} is unknown, or good, which is never written";
            }
            qualities.Slice((int)run.First, (int)run.Count).Fill(run.Quality);
            free = end;
        }
        return null;
    }
}
