using System.Net;
using EdgeAgent.Mqtt.Intake;
using EdgeAgent.Testing;

namespace EdgeAgent.Bench.Mqtt;

/// <summary>The same publishers flood the intake, whose owner acknowledges at once, and a mosquitto that nobody subscribes to.</summary>
internal static class IntakeRun
{
    private const int Connections = 4;

    // What the intake allows one connection by default.
    private const int InFlight = 1024;

    private const long WarmUp = 100_000;

    public static async Task<int> RunAsync(Arguments arguments)
    {
        var report = new Report(
            arguments.Json, $"intake: {LoadConnection.PayloadLength} B, {Connections} connections, {InFlight} in flight each, MQTT 3.1.1");
        for (int quality = 0; quality <= 2; quality++)
        {
            var handler = new AcceptingHandler();
            await using var intake = new IntakeListener(new IntakeOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0) }, handler, TimeProvider.System);
            intake.Start();
            (Measured ours, Measured load) = await MeasureAsync(intake.LocalEndPoint.Port, Environment.ProcessId, quality, arguments.Seconds);
            report.Add($"QoS {quality}, intake", ours, load);
            await intake.StopAsync();
            if (handler.Count < ours.Messages)
            {
                throw new InvalidOperationException($"{handler.Count} messages were handed over.");
            }

            await using Mosquitto broker = await Mosquitto.StartAsync(_ => $"{MosquittoSettings.Anonymous}\n{MosquittoSettings.ManyInFlight}");
            (Measured theirs, load) = await MeasureAsync(broker.Port, broker.ProcessId, quality, arguments.Seconds);
            report.Add($"QoS {quality}, mosquitto", theirs, load);
            report.AddRatio($"QoS {quality}, ratio", ours, theirs);
        }
        report.Print();
        return 0;
    }

    private static async Task<(Measured Server, Measured Load)> MeasureAsync(int port, int processId, int quality, int seconds)
    {
        Measured warm = await Load.ByOtherProcessAsync(port, quality, WarmUp, Connections, InFlight);
        long messages = long.Max(WarmUp, (long)(warm.PerSecond * seconds) / Connections * Connections);
        TimeSpan processor = Measured.ProcessorTime(processId);
        long allocated = GC.GetTotalAllocatedBytes();
        Measured load = await Load.ByOtherProcessAsync(port, quality, messages, Connections, InFlight);
        bool isHere = processId == Environment.ProcessId;
        var server = new Measured(
            load.Messages, load.Seconds, (Measured.ProcessorTime(processId) - processor).TotalSeconds, isHere ? GC.GetTotalAllocatedBytes() - allocated : 0);
        return (server, load);
    }

    private sealed class AcceptingHandler : IIntakeHandler
    {
        private long _count;

        public long Count => Interlocked.Read(ref _count);

        public IntakeVerdict Connecting(in IntakeConnect connect) => IntakeVerdict.Admit;

        public ValueTask PublishedAsync(IntakePublish publish, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            publish.Ticket.Accept();
            return ValueTask.CompletedTask;
        }
    }
}
