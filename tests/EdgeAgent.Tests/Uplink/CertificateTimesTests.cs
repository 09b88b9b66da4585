using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Clock;
using EdgeAgent.Sensors;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Clock;
using EdgeAgent.Uplink;
using EdgeAgent.Uplink.Connecting;

namespace EdgeAgent.Tests.Uplink;

/// <summary>Chains of a root, an intermediate and a service, on a board whose wall clock stands in 1970 and that was built in 2025.</summary>
public sealed class CertificateTimesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestMachine _machine = new();
    private readonly AgentClock _clock;

    public CertificateTimesTests() => _clock = TestClocks.Of(_machine, _folder["clock"]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2019, 2040, 2020, 2040, 2024, 2026, true)] // valid at the build
    [InlineData(2019, 2040, 2020, 2040, 2031, 2032, true)] // issued long after it
    [InlineData(2033, 2040, 2020, 2040, 2031, 2034, true)] // the root is the youngest, as after a renewal
    [InlineData(2019, 2040, 2035, 2040, 2031, 2036, true)] // the intermediate is
    [InlineData(2019, 2040, 2020, 2040, 2023, 2024, false)] // expired before the program was built
    [InlineData(2019, 2040, 2020, 2024, 2023, 2030, false)] // the intermediate did
    [InlineData(2019, 2040, 2035, 2040, 2031, 2034, false)] // expired before its own chain began
    public void A_board_in_1970_judges_a_chain_at_the_latest_time_that_is_certainly_over(
        int rootFrom, int rootTo, int betweenFrom, int betweenTo, int from, int to, bool isAccepted)
    {
        using var chain = new TestChain((rootFrom, rootTo), (betweenFrom, betweenTo), (from, to));

        Assert.Equal(isAccepted, Validate(chain, SslPolicyErrors.RemoteCertificateChainErrors));
    }

    [Theory]
    [InlineData(2030, 2033, true)]
    [InlineData(2030, 2031, false)] // expired, whatever the wall clock says
    [InlineData(2033, 2034, false)] // not yet
    public void Once_the_time_is_known_it_counts_and_not_the_wall_clock(int from, int to, bool isAccepted)
    {
        _clock.Heard(UnixTime.Nanoseconds(Year(2032)), _clock.BootNanoseconds);
        using var chain = new TestChain((2019, 2040), (2020, 2040), (from, to));

        Assert.Equal(isAccepted, Validate(chain, SslPolicyErrors.None));
    }

    [Fact]
    public void Where_the_wall_clock_is_right_its_word_is_the_last()
    {
        _machine.Synchronize(Year(2026));
        _machine.Time.Advance(TimeSpan.FromSeconds(1));
        using var chain = new TestChain((2019, 2040), (2020, 2040), (2024, 2040));

        Assert.True(Validate(chain, SslPolicyErrors.None));
        Assert.False(Validate(chain, SslPolicyErrors.RemoteCertificateChainErrors));
    }

    [Fact]
    public void What_is_wrong_beside_the_times_stays_wrong()
    {
        using var chain = new TestChain((2019, 2040), (2020, 2040), (2024, 2040));
        using var other = new TestChain((2019, 2040), (2020, 2040), (2024, 2040));

        Assert.False(Validate(chain, SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateChainErrors));
        Assert.False(Validate(chain, SslPolicyErrors.RemoteCertificateNotAvailable));
        Assert.False(Validate(chain, SslPolicyErrors.RemoteCertificateChainErrors, trusted: other));
    }

    private static DateTimeOffset Year(int year) => new(year, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>As TLS calls it: with the chain that it has built by its own clock.</summary>
    private bool Validate(TestChain certificates, SslPolicyErrors errors, TestChain? trusted = null)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add((trusted ?? certificates).Root);
        chain.ChainPolicy.ExtraStore.Add(certificates.Between);
        chain.Build(certificates.Service);
        return new ServerCheck("the service", "service", [], new CertificateTimes(_clock, _machine.Time)).IsGood(this, certificates.Service, chain, errors);
    }

    private sealed class TestChain : IDisposable
    {
        public TestChain((int From, int To) root, (int From, int To) between, (int From, int To) service)
        {
            Root = Issue("CN=root", null, root, isAuthority: true);
            Between = Issue("CN=between", Root, between, isAuthority: true);
            Service = Issue("CN=service", Between, service, isAuthority: false);
        }

        public X509Certificate2 Root { get; }

        public X509Certificate2 Between { get; }

        public X509Certificate2 Service { get; }

        public void Dispose()
        {
            Root.Dispose();
            Between.Dispose();
            Service.Dispose();
        }

        private static X509Certificate2 Issue(string name, X509Certificate2? issuer, (int From, int To) years, bool isAuthority)
        {
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
            if (issuer is null)
            {
                return request.CreateSelfSigned(Year(years.From), Year(years.To));
            }
            // A child may outlive its issuer, which .NET would not sign for.
            var generator = X509SignatureGenerator.CreateForECDsa(issuer.GetECDsaPrivateKey()!);
            using X509Certificate2 bare = request.Create(issuer.SubjectName, generator, Year(years.From), Year(years.To), RandomNumberGenerator.GetBytes(8));
            return bare.CopyWithPrivateKey(key);
        }
    }
}
