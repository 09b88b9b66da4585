using EdgeAgent.Ingestion.Storage;
using Microsoft.Net.Http.Headers;

namespace EdgeAgent.Ingestion.Identity.Tokens;

/// <summary>
/// Callers without a certificate of their own, such as foreign clients:
/// <code>
/// authorization := "Bearer" SP ( static token | JSON Web Token )      RFC 6750, section 2.1
/// </code>
/// </summary>
/// <param name="register">Which static tokens count.</param>
/// <param name="webTokens">Null: none counts.</param>
/// <param name="time">The time.</param>
internal sealed class BearerTokens(IdentityRegister register, WebTokens? webTokens, TimeProvider time)
{
    private const string Scheme = "Bearer ";

    /// <returns>Null where no token is shown.</returns>
    public ValueTask<Identification?> IdentifyAsync(IHeaderDictionary headers)
    {
        if (headers[HeaderNames.Authorization] is not [{ } header] || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return ValueTask.FromResult<Identification?>(null);
        }
        string token = header[Scheme.Length..].Trim();
        return TokenSecret.Is(TokenKind.Bearer, token) || webTokens is null ? ValueTask.FromResult<Identification?>(Static(token)) : webTokens.IdentifyAsync(token);
    }

    private Identification Static(string token)
    {
        if (TokenSecret.Hash(TokenKind.Bearer, token) is not { } hash
            || !register.Now.Bearers.TryGetValue(Convert.ToHexStringLower(hash), out TokenRecord? known)
            || known.Expires <= time.GetUtcNow().ToUnixNanoseconds())
        {
            return Identification.Unknown("The bearer token is unknown, withdrawn or expired.");
        }
        return Identification.Of(new Caller(known.Device, CallerProof.StaticToken, Convert.ToHexStringLower(hash), known.Created, known.Expires));
    }
}
