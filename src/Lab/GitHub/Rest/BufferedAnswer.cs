using System.Security.Cryptography;

namespace Lab.GitHub.Rest;

/// <summary>Writes an answer once it is whole: with its ETag, or as 304 when the caller has it already, which costs nothing of its limit.</summary>
internal static class BufferedAnswer
{
    public static async Task SendAsync(HttpContext http, IResult result, RateLimits limits, bool cut)
    {
        var wire = http.Response.Body;
        using var body = new MemoryStream();
        http.Response.Body = body;
        await result.ExecuteAsync(http);
        http.Response.Body = wire;

        if (HttpMethods.IsGet(http.Request.Method) && http.Response.StatusCode == StatusCodes.Status200OK)
        {
            var tag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(body.ToArray()))}\"";
            http.Response.Headers.ETag = tag;
            http.Response.Headers.CacheControl = "private, max-age=60, s-maxage=60";
            if (http.Request.Headers.IfNoneMatch.Contains(tag))
            {
                limits.GiveBack(http);
                http.Response.StatusCode = StatusCodes.Status304NotModified;
                http.Response.ContentType = null;
                return;
            }
        }

        if (body.Length == 0)
            return;
        http.Response.ContentLength = body.Length;
        await wire.WriteAsync(body.GetBuffer().AsMemory(0, (int)(cut ? body.Length / 2 : body.Length)), http.RequestAborted);
        if (cut)
        {
            await wire.FlushAsync(http.RequestAborted);
            http.Abort();
        }
    }
}
