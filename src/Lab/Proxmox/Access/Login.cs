using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lab.Proxmox.Wire;

namespace Lab.Proxmox.Access;

/// <summary>Tells who sends a request, by API token or by ticket; tickets live two hours and end with the double.</summary>
internal sealed class Login(ProxmoxOptions options, TimeProvider time)
{
    private static readonly TimeSpan TicketLife = TimeSpan.FromHours(2);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>`user@realm` or `user@realm!token`.</summary>
    public string Identify(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (
            authorization.StartsWith("PVEAPIToken=", StringComparison.Ordinal)
            || authorization.StartsWith("PVEAPIToken ", StringComparison.Ordinal)
        )
            return ByToken(authorization["PVEAPIToken=".Length..].Trim());
        var ticket = request.Cookies["PVEAuthCookie"] ?? throw ApiException.Unauthorized("No ticket");
        var user = ByTicket(ticket);
        if (request.Method != "GET" && !IsCsrfToken(user, request.Headers["CSRFPreventionToken"].ToString()))
            throw ApiException.Unauthorized("Permission denied - invalid csrf token");
        return user;
    }

    public (string Ticket, string CsrfToken) Issue(string user, string password)
    {
        var known = options.Users.FirstOrDefault(candidate => candidate.Id == user);
        if (known?.Password is null || !Same(known.Password, password))
            throw new ApiException(401, "authentication failure");
        var issued = time.GetUtcNow().ToUnixTimeSeconds().ToString("X8", CultureInfo.InvariantCulture);
        var plain = $"PVE:{user}:{issued}";
        return ($"{plain}::{Sign(plain)}", $"{issued}:{Sign($"{issued}:{user}")}");
    }

    private string ByToken(string presented)
    {
        var split = presented.LastIndexOf('=');
        var token = split < 0 ? null : options.Tokens.FirstOrDefault(token => token.Id == presented[..split]);
        if (token is null || !Same(token.Secret, presented[(split + 1)..]) || token.Expires <= time.GetUtcNow())
            throw ApiException.Unauthorized("Authentication failed!");
        return token.Id;
    }

    private string ByTicket(string ticket)
    {
        var parts = Uri.UnescapeDataString(ticket).Split("::");
        if (
            parts is not [var plain, var signature]
            || !Same(Sign(plain), signature)
            || plain.Split(':') is not [_, var user, var issued]
            || !IsFresh(issued)
        )
            throw ApiException.Unauthorized("permission denied - invalid PVE ticket");
        return user;
    }

    private bool IsCsrfToken(string user, string token) =>
        token.Split(':') is [var issued, var signature] && Same(Sign($"{issued}:{user}"), signature) && IsFresh(issued);

    private bool IsFresh(string issued) =>
        long.TryParse(issued, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var seconds)
        && time.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds) < TicketLife;

    private string Sign(string text) => Convert.ToBase64String(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text)));

    private static bool Same(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));
}
