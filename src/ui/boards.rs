//! Microcontroller boards with their memories, each figure with its source.
//!
//! SRAM and Flash are never mixed: the first holds activations, the second weights. Sizes are in
//! KiB; a size that the source does not give is `None`, never a guess.

/// One board.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Board {
    /// Its name, which is also its key in links.
    pub name: &'static str,
    /// The processor core.
    pub core: &'static str,
    /// The clock, in MHz.
    pub mhz: u32,
    /// SRAM in KiB.
    pub sram_kib: u64,
    /// Flash in KiB; `None` where the source does not say.
    pub flash_kib: Option<u64>,
    /// Where the figures are from.
    pub source: &'static str,
    /// Which figures nobody has checked against a source.
    pub unverified: Option<&'static str>,
}

const REVIEW: &str = "Lin et al., Tiny Machine Learning: Progress and Futures, arXiv 2403.19076";
const MSF: &str = "msf-CNN, as its abstract and summaries give it";

/// All boards, smallest SRAM first.
pub const BOARDS: &[Board] = &[
    Board {
        name: "SiFive FE310",
        core: "RISC-V",
        mhz: 320,
        sram_kib: 16,
        flash_kib: None,
        source: MSF,
        unverified: None,
    },
    Board {
        name: "STM32F410",
        core: "Cortex-M4",
        mhz: 100,
        sram_kib: 32,
        flash_kib: Some(128),
        source: REVIEW,
        unverified: Some("Flash and clock"),
    },
    Board {
        name: "STM32F412",
        core: "Cortex-M4",
        mhz: 100,
        sram_kib: 256,
        flash_kib: Some(1024),
        source: "MCUNetV2, arXiv 2110.15352",
        unverified: None,
    },
    Board {
        name: "nRF52840",
        core: "Cortex-M4F",
        mhz: 64,
        sram_kib: 256,
        flash_kib: Some(1024),
        source: REVIEW,
        unverified: Some("SRAM and Flash"),
    },
    Board {
        name: "STM32F746",
        core: "Cortex-M7",
        mhz: 216,
        sram_kib: 320,
        flash_kib: Some(1024),
        source: REVIEW,
        unverified: None,
    },
    Board {
        name: "ESP32-C3",
        core: "RISC-V",
        mhz: 160,
        sram_kib: 384,
        flash_kib: None,
        source: MSF,
        unverified: None,
    },
    Board {
        name: "STM32F765",
        core: "Cortex-M7",
        mhz: 216,
        sram_kib: 512,
        flash_kib: Some(1024),
        source: "MCUNet, arXiv 2007.10319",
        unverified: Some("clock"),
    },
    Board {
        name: "STM32F767",
        core: "Cortex-M7",
        mhz: 216,
        sram_kib: 512,
        flash_kib: Some(2048),
        source: "StreamNet, as its abstract gives it",
        unverified: None,
    },
    Board {
        name: "STM32H743",
        core: "Cortex-M7",
        mhz: 480,
        sram_kib: 512,
        flash_kib: Some(2048),
        source: REVIEW,
        unverified: None,
    },
    Board {
        name: "ESP32-S3",
        core: "Xtensa",
        mhz: 240,
        sram_kib: 512,
        flash_kib: None,
        source: MSF,
        unverified: None,
    },
];

/// Name, SRAM and Flash of all boards in bytes, in the order of the list.
#[must_use]
pub fn rooms() -> Vec<(&'static str, u64, Option<u64>)> {
    let room = |board: &Board| {
        (board.name, board.sram_kib * 1024, board.flash_kib.map(|size| size * 1024))
    };
    BOARDS.iter().map(room).collect()
}

/// The board of that name.
#[must_use]
pub fn board(name: &str) -> Option<&'static Board> {
    BOARDS.iter().find(|board| board.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boards_have_names_of_their_own_and_a_source() {
        for (position, entry) in BOARDS.iter().enumerate() {
            assert!(!entry.source.is_empty());
            assert!(BOARDS[..position].iter().all(|other| other.name != entry.name));
            assert_eq!(board(entry.name), Some(entry));
        }
        assert!(BOARDS.windows(2).all(|pair| pair[0].sram_kib <= pair[1].sram_kib));
    }
}
