using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Mqtt.Intake;
using EdgeAgent.Testing;

namespace EdgeAgent.Mqtt.Tests.Intake;

/// <summary>An intake by the real clock, since foreign programs have no other.</summary>
internal sealed class RealIntake : IAsyncDisposable
{
    public RealIntake(TestAuthority? authority = null, bool requiresCertificate = false, ushort receiveMaximum = 1024)
    {
        var options = new IntakeOptions
        {
            EndPoint = TestIntake.AnyPort,
            Tls = authority is null ? null : Tls(authority, requiresCertificate),
            ReceiveMaximum = receiveMaximum,
        };
        Listener = new IntakeListener(options, Owner, TimeProvider.System);
        Listener.Start();
    }

    public Owner Owner { get; } = new();

    public IntakeListener Listener { get; }

    public int Port => Listener.LocalEndPoint.Port;

    public static IntakeVerdict OnlyWithPassword(IntakeConnect connect) =>
        connect.UserName == "device" && connect.Password.Span.SequenceEqual("right"u8) ? IntakeVerdict.Admit : IntakeVerdict.BadUserNameOrPassword;

    public ForeignProcess StartMosquitto(params string[] arguments) =>
        ForeignProcess.Start("mosquitto_pub", ["-h", "127.0.0.1", "-p", $"{Port}", .. arguments]);

    public ValueTask DisposeAsync() => Listener.DisposeAsync();

    private static SslServerAuthenticationOptions Tls(TestAuthority authority, bool requiresCertificate) => new()
    {
        ServerCertificate = authority.IssueServer(),
        ClientCertificateRequired = true,
        RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
        {
            if (certificate is null)
            {
                return !requiresCertificate; // A password may do.
            }
            chain!.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.CustomTrustStore.Add(authority.Root);
            return chain.Build((X509Certificate2)certificate);
        },
    };
}
