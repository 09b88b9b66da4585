using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Interop.Serving;
using EdgeAgent.Testing;
using Google.Protobuf;

namespace Grpc.Polyfill.Tests.Interop;

/// <summary>The files that peers are given: roots, a server's certificate and key, the protocol.</summary>
internal sealed class InteropFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();

    public InteropFolder()
    {
        File.WriteAllText(RootFile, _authority.RootPem);
        File.WriteAllBytes(DescriptorsFile, ProtocolDescriptors.Create().ToByteArray());
        ServerCertificate = _authority.IssueServer();
        (CertificateFile, KeyFile) = TestAuthority.WritePem(ServerCertificate, _folder.Path, "server");
    }

    public X509Certificate2 Root => _authority.Root;

    public X509Certificate2 ServerCertificate { get; }

    public string RootFile => _folder["root.pem"];

    public string DescriptorsFile => _folder["protocol.pb"];

    public string CertificateFile { get; }

    public string KeyFile { get; }

    public void Dispose()
    {
        ServerCertificate.Dispose();
        _authority.Dispose();
        _folder.Dispose();
    }
}
