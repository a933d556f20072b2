import Testing

extension EndToEnd {
    /// The metrics of the installed operator, and who may read them.
    @Suite(.together)
    struct MetricsTests {
        @Test("Whoever was granted it reads the metrics over TLS; others are told 401 and 403")
        func readers() async throws {
            let scraper = Scraper(try Stage.current)
            let scraped = try await scraper.scrape()
            #expect(scraped.output.hasSuffix("\n200\n"), "\(scraped.errors)")
            #expect(scraped.output.contains("controller_runtime_reconcile_total{controller=\"todoapp\""))
            #expect(try await scraper.scrapeAsStranger().output.hasSuffix("\n403\n"))
            #expect(try await scraper.scrapeWithoutToken().output.hasSuffix("\n401\n"))
        }
    }
}
