using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Bench.Codec;

internal readonly record struct Sample(uint Series, SeriesKind Kind, long UnixNanoseconds, double Number, string? Text);
