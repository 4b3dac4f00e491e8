import Testing

@testable import Pressroom

@Suite struct `The pages that only starting touched` {
    @Test(arguments: [
        "55d0c0a61000-55d0c3e12000 r-xp 00261000 fe:00 1313 /usr/bin/pressroom",
        "55d0c0a61000-55d0c3e12000 r-xp 00261000 fe:00 1313                       /opt/a folder/pressroom",
    ])
    func `are code that lies in a file`(_ line: String) {
        #expect(StartUpPages.codeRange(line[...]) == 0x55d0_c0a6_1000..<0x55d0_c3e1_2000)
    }

    @Test(arguments: [
        "55d0c0a61000-55d0c3e12000 r--p 00261000 fe:00 1313 /usr/bin/pressroom",
        "55d0c0a61000-55d0c3e12000 rw-p 00261000 fe:00 1313 /usr/bin/pressroom",
        "55d0c0a61000-55d0c3e12000 rwxp 00261000 fe:00 1313 /usr/bin/pressroom",
        "55d0c0a61000-55d0c3e12000 r-xp 00000000 00:00 0",
        "7ffd4a9f2000-7ffd4a9f4000 r-xp 00000000 00:00 0                          [vdso]",
        "no line of a list", "",
    ])
    func `are nothing that the process may have written`(_ line: String) {
        #expect(StartUpPages.codeRange(line[...]) == nil)
    }
}
