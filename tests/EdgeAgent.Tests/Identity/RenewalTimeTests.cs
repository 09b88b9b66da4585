using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Identity;

namespace EdgeAgent.Tests.Identity;

public sealed class RenewalTimeTests
{
    private static readonly DateTimeOffset Begin = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public void Two_thirds_of_the_life_come_first()
    {
        using X509Certificate2 certificate = Certificate(90);

        Assert.Equal(Begin + (60 * Day), RenewalTime.Of(certificate, null, TimeSpan.Zero));
        Assert.InRange(RenewalTime.Of(certificate, null, Day), Begin + (60 * Day), Begin + (61 * Day));
    }

    [Fact]
    public void The_services_word_wins_where_it_is_within_the_life()
    {
        using X509Certificate2 certificate = Certificate(90);

        Assert.Equal(Begin + (10 * Day), RenewalTime.Of(certificate, Begin + (10 * Day), TimeSpan.Zero));
        Assert.Equal(Begin + (60 * Day), RenewalTime.Of(certificate, Begin - Day, TimeSpan.Zero));
        Assert.Equal(Begin + (60 * Day), RenewalTime.Of(certificate, Begin + (91 * Day), TimeSpan.Zero));
    }

    [Fact]
    public void A_short_life_is_not_spread_to_its_end()
    {
        using X509Certificate2 certificate = Certificate(1);

        Assert.InRange(RenewalTime.Of(certificate, null, 30 * Day), Begin + TimeSpan.FromHours(16), Begin + TimeSpan.FromHours(18));
    }

    [Fact]
    public void A_fleet_is_spread_and_each_device_keeps_its_time()
    {
        X509Certificate2[] fleet = [.. Enumerable.Range(0, 40).Select(_ => Certificate(90))];

        DateTimeOffset[] times = [.. fleet.Select(one => RenewalTime.Of(one, null, Day))];

        Assert.Equal(times, fleet.Select(one => RenewalTime.Of(one, null, Day)));
        Assert.True(times.Max() - times.Min() > Day / 2);
        Array.ForEach(fleet, static one => one.Dispose());
    }

    private static X509Certificate2 Certificate(int days)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=device", key, HashAlgorithmName.SHA256).CreateSelfSigned(Begin, Begin + (days * Day));
    }
}
