using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using EdgeAgent.Identity;
using EdgeAgent.Mqtt.Intake;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.Mqtt.Intake;

/// <summary>
/// Keeps one intake listening. An address that is not there yet (an interface still coming up, a port not let go) is tried again:
/// it must not keep the other sources from starting.
/// </summary>
internal sealed partial class MqttIntakeService(MqttIntakeOptions options, MqttIntake intake, TimeProvider time, ILogger<MqttIntakeService> logger)
    : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource<IPEndPoint> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IntakeListener? _listener;

    /// <summary>Where it listens, with the port that was picked, once it does.</summary>
    public Task<IPEndPoint> Listening => _listening.Task;

    public string Name => options.Name;

    /// <inheritdoc cref="MqttIntake.Use"/>
    public void Use(IntakeRules rules) => intake.Use(rules);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        if (_listener is { } listener)
        {
            // Waits for what is in flight to be committed and acknowledged; the batcher is still at work.
            IntakeStopOutcome outcome = await listener.StopAsync(cancellationToken).ConfigureAwait(false);
            await listener.DisposeAsync().ConfigureAwait(false);
            switch (outcome)
            {
                case IntakeStopOutcome.CutOff:
                    Log.CutOff(logger, options.Name);
                    break;
                case IntakeStopOutcome.HandlerStuck:
                    Log.Stuck(logger, options.Name);
                    break;
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!TryListen())
        {
            await Task.Delay(RetryAfter, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private bool TryListen()
    {
        try
        {
            var listener = new IntakeListener(
                new IntakeOptions
                {
                    EndPoint = options.EndPoint,
                    Tls = options.CertificateFile is { } certificate && options.KeyFile is { } key
                        ? PemFiles.ServerTls(certificate, key, options.ClientAuthorityFile) : null,
                },
                intake,
                time);
            listener.Start();
            _listener = listener;
            Log.Listening(logger, options.Name, listener.LocalEndPoint);
            _listening.TrySetResult(listener.LocalEndPoint);
            return true;
        }
        catch (Exception failure) when (failure is SocketException or CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            Log.CannotListen(logger, options.Name, options.EndPoint, failure.Message, RetryAfter);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Source} takes messages at {EndPoint}.")]
        public static partial void Listening(ILogger logger, string source, IPEndPoint endPoint);

        [LoggerMessage(LogLevel.Error, "{Source} cannot listen at {EndPoint}: {Reason} It is tried again every {RetryAfter}.")]
        public static partial void CannotListen(ILogger logger, string source, IPEndPoint endPoint, string reason, TimeSpan retryAfter);

        [LoggerMessage(LogLevel.Warning, "{Source} has stopped before all messages were committed: their devices keep them and send them again.")]
        public static partial void CutOff(ILogger logger, string source);

        [LoggerMessage(LogLevel.Error, "{Source} has stopped without a message that is still being written and does not let itself be cancelled.")]
        public static partial void Stuck(ILogger logger, string source);
    }
}
