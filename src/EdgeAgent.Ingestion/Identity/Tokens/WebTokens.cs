using System.Security.Cryptography;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Storage;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EdgeAgent.Ingestion.Identity.Tokens;

/// <summary>
/// JSON Web Tokens (RFC 7519) of another authority. Issuer, audience and the end must be there and right, the signature of a public key that is configured; a symmetric
/// key, or none, never counts.
/// </summary>
internal sealed class WebTokens
{
    /// <summary>Clocks of two services, not of devices.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = 8 * 1024 };
    private readonly TokenValidationParameters _parameters;
    private readonly string _deviceClaim;

    public WebTokens(JwtOptions options, TimeProvider time)
    {
        _deviceClaim = options.DeviceClaim;
        _parameters = new TokenValidationParameters
        {
            ValidIssuer = options.Issuer,
            ValidAudience = options.Audience,
            IssuerSigningKeys = LoadKeys(options.KeysFile!),
            ValidAlgorithms = ["ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
            // The library would take the system's clock.
            LifetimeValidator = (from, until, _, _) =>
            {
                DateTime now = time.GetUtcNow().UtcDateTime;
                return until is { } end && now <= end + ClockSkew && (from is not { } begin || begin <= now + ClockSkew);
            },
        };
    }

    /// <returns>Never null.</returns>
    public async ValueTask<Identification?> IdentifyAsync(string token)
    {
        TokenValidationResult result = await _handler.ValidateTokenAsync(token, _parameters);
        if (!result.IsValid || result.SecurityToken is not JsonWebToken read)
        {
            return Identification.Unknown("The bearer token is none of this service, and no JSON Web Token that counts here now.");
        }
        if (!read.TryGetPayloadValue(_deviceClaim, out string? device) || device is null || !DeviceName.IsValid(device))
        {
            return Identification.Unknown($"The claim {_deviceClaim} of the bearer token names no device.");
        }
        // What was issued before a revocation does not count after it; a token that does not say when that was is older than any.
        DateTime issued = read.IssuedAt > read.ValidFrom ? read.IssuedAt : read.ValidFrom;
        return Identification.Of(new Caller(
            device, CallerProof.WebToken, "", Instant(issued), Instant(read.ValidTo)));
    }

    /// <exception cref="InvalidDataException">The file holds no public key.</exception>
    private static List<SecurityKey> LoadKeys(string path)
    {
        string text = File.ReadAllText(path);
        try
        {
            List<SecurityKey> keys = text.AsSpan().TrimStart().StartsWith("{") ? [.. new JsonWebKeySet(text).GetSigningKeys()] : ReadPem(text);
            keys.RemoveAll(static key => key is SymmetricSecurityKey);
            return keys.Count > 0 ? keys : throw new InvalidDataException($"{path} holds no public key.");
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            throw new InvalidDataException($"{path} holds no public key: {failure.Message}", failure);
        }
    }

    private static List<SecurityKey> ReadPem(string text)
    {
        var keys = new List<SecurityKey>();
        ReadOnlySpan<char> rest = text;
        while (PemEncoding.TryFind(rest, out PemFields block))
        {
            keys.Add(ReadKey(rest[block.Location].ToString()));
            rest = rest[block.Location.End..];
        }
        return keys;
    }

    private static SecurityKey ReadKey(string pem)
    {
        var elliptic = ECDsa.Create();
        try
        {
            elliptic.ImportFromPem(pem);
            return new ECDsaSecurityKey(elliptic);
        }
        catch (CryptographicException)
        {
            elliptic.Dispose();
            var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return new RsaSecurityKey(rsa);
        }
    }

    private static long Instant(DateTime utc) =>
        utc == DateTime.MinValue ? 0 : new DateTimeOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc)).ToUnixNanoseconds();
}
