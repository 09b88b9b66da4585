using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using EdgeAgent.Bench.Codec;

// In this process: the toolchain that builds a project of its own does not know this repository's build settings.
Job job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(5);
BenchmarkRunner.Run<CodecBenchmarks>(DefaultConfig.Instance.AddJob(job));

foreach (TelemetryKind data in Enum.GetValues<TelemetryKind>())
{
    var benchmarks = new CodecBenchmarks { Data = data };
    benchmarks.Setup();
    Console.WriteLine(benchmarks.Sizes());
}
