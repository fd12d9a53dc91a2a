using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Supervisor.GitHub;

/// <summary>Answers with an ETag, kept so that GitHub can say "not modified", which costs nothing of the hour's calls.</summary>
internal sealed class KnownAnswers
{
    // Lists and groups of some scopes; runs of jobs come and go, and must not fill the memory.
    private const int Most = 50;
    private readonly ConcurrentDictionary<string, (string Tag, byte[] Body)> answers = new();

    public void Ask(HttpRequestMessage request, string token)
    {
        if (request.Method == HttpMethod.Get && answers.TryGetValue(KeyOf(request, token), out var known))
            request.Headers.TryAddWithoutValidation("If-None-Match", known.Tag);
    }

    /// <returns>The body to read: the kept one when nothing was modified.</returns>
    public byte[] Take(HttpRequestMessage request, string token, HttpResponseMessage response, byte[] body)
    {
        if (request.Method != HttpMethod.Get)
            return body;
        var key = KeyOf(request, token);
        if (response.StatusCode == HttpStatusCode.NotModified && answers.TryGetValue(key, out var known))
            return known.Body;
        if (response is { StatusCode: HttpStatusCode.OK, Headers.ETag: { } tag })
        {
            if (answers.Count >= Most && !answers.ContainsKey(key))
                answers.Clear();
            answers[key] = (tag.ToString(), body);
        }
        return body;
    }

    // Another credential may see another answer; its hash tells them apart without keeping it.
    private static string KeyOf(HttpRequestMessage request, string token) => $"{request.RequestUri} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))}";
}
