using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace RunnerBuild.Remote.GitHub;

/// <summary>Answers with an ETag, kept so that GitHub can say "not modified", which costs nothing of the hour's calls.</summary>
internal sealed class KnownAnswers
{
    private const int Most = 500;
    private readonly ConcurrentDictionary<string, Answer> _answers = new();

    public void Ask(HttpRequestMessage request)
    {
        if (_answers.TryGetValue(KeyOf(request), out var known))
            request.Headers.TryAddWithoutValidation("If-None-Match", known.Tag);
    }

    /// <summary>Keeps a new answer, and puts the kept one in the place of "not modified".</summary>
    public async Task<HttpResponseMessage> TakeAsync(HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancel)
    {
        var key = KeyOf(request);
        if (response.StatusCode == HttpStatusCode.NotModified && _answers.TryGetValue(key, out var known))
        {
            response.StatusCode = HttpStatusCode.OK;
            response.Content = new ByteArrayContent(known.Body);
            response.Content.Headers.ContentType = known.Type;
        }
        else if (response is { StatusCode: HttpStatusCode.OK, Headers.ETag: { } tag } && (_answers.Count < Most || _answers.ContainsKey(key)))
            _answers[key] = new(tag.ToString(), await response.Content.ReadAsByteArrayAsync(cancel), response.Content.Headers.ContentType);
        return response;
    }

    // Another credential may see another answer; its hash tells them apart without keeping it.
    private static string KeyOf(HttpRequestMessage request) =>
        $"{request.RequestUri} {request.Headers.Accept} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{request.Headers.Authorization}")))}";

    private sealed record Answer(string Tag, byte[] Body, MediaTypeHeaderValue? Type);
}
