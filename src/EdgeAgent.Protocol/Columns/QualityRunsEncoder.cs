using EdgeAgent.Protocol.V1;
using EdgeAgent.Protocol.Wire;

namespace EdgeAgent.Protocol.Columns;

/// <summary>Writes <c>qualities (8) := first (1) count (2) quality (3)</c> for each run of equal qualities that are not good.</summary>
internal static class QualityRunsEncoder
{
    public static void Write(ReadOnlySpan<byte> qualities, ProtobufBuffer output)
    {
        for (int first = 0; first < qualities.Length;)
        {
            byte quality = qualities[first];
            int count = qualities[first..].IndexOfAnyExcept(quality);
            count = count < 0 ? qualities.Length - first : count;
            if (quality != (byte)Quality.Good)
            {
                int run = output.Begin(8);
                output.Unsigned(1, (uint)first);
                output.Unsigned(2, (uint)count);
                output.Unsigned(3, quality);
                output.End(run);
            }
            first += count;
        }
    }
}
